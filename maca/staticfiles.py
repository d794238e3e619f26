from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, those that a script imports from another included."""

    support_js_module_import_aggregation = True
