// Improvements only: every page works without this file.
import {
  createAll,
  Button,
  ErrorSummary,
  SkipLink,
} from "../vendor/govuk-frontend/govuk-frontend.min.js";
import { filters } from "./filters.js";
import { followUps, leftOut } from "./follow-ups.js";
import { growingTextareas } from "./growing-textareas.js";
import { printButtons } from "./print-buttons.js";
import { autosave } from "./autosave.js";
import { caseStrip } from "./case-strip.js";
import { session } from "./session.js";
import { unsavedChanges } from "./unsaved-changes.js";
import { wordCounts } from "./word-counts.js";

function improve(scope) {
  for (const component of [Button, ErrorSummary, SkipLink]) {
    createAll(component, undefined, scope);
  }
  filters(scope);
  followUps(scope);
  leftOut(scope);
  growingTextareas(scope);
  printButtons(scope);
  autosave(scope);
  unsavedChanges(scope);
  wordCounts(scope);
  caseStrip(scope);
}

function improvePage() {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  session();
  improve(document.body);
  document.body.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) {
      improve(event.detail.elt);
    }
  });
}

improvePage();
