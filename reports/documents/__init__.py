"""The two printed documents: their content, built from rows, and the pages it is set on."""
