// How the fields of a saved form, their texts' keys and their values belong together.

const OF_ITS_OWN = /^(point|entry)_([0-9a-f-]{36})(_\w+)?$/;
const ROW = /^actions-(\d+)-(text|owner|due_on|measure)$/;
const BESIDE = ["kind", "after"];

export function keyOf(form, name, names) {
  const found = OF_ITS_OWN.exec(name || "");
  if (found) {
    return `${found[1]}:${found[2]}`;
  }
  const row = ROW.exec(name || "");
  if (row) {
    const number = form.elements[`actions-${row[1]}-pk`]?.value;
    return number ? `action:${number}` : `row:${row[1]}`;
  }
  return names[name];
}

// What says where a new point is to be listed, or which action a line is.
export function companionsOf(form, name) {
  if (ROW.test(name)) {
    const beside = form.elements[`actions-${ROW.exec(name)[1]}-pk`];
    return name.endsWith("-text") ? [[beside.name, beside.value]] : [];
  }
  const found = OF_ITS_OWN.exec(name);
  return BESIDE.map((beside) => found && form.elements[`${beside}_${found[2]}`])
    .filter(Boolean)
    .map((element) => [element.name, element.value]);
}

// What the page came with, whatever the browser has put back since.
export function initialValue(form, name) {
  return all(form, name)
    .filter((element) => !isChoice(element) || element.defaultChecked)
    .map((element) => (isChoice(element) ? element.value : initialOf(element)))
    .join("\n");
}

export function put(form, name, value) {
  for (const element of all(form, name)) {
    if (isChoice(element)) {
      element.checked = element.value === value;
    } else {
      element.value = value;
    }
  }
  const [first] = all(form, name);
  // So that follow-up questions and growing boxes hear of it; nothing new is there to save.
  first?.dispatchEvent(new Event("input", { bubbles: true }));
  first?.dispatchEvent(new Event("change", { bubbles: true }));
}

export function groupOf(form, name) {
  const [first] = all(form, name);
  return first?.closest(".govuk-form-group, .maca-pointbox__point, .maca-formset__row");
}

export function all(form, name) {
  const found = form.elements[name];
  if (!found) {
    return [];
  }
  return found instanceof RadioNodeList ? [...found] : [found];
}

function isChoice(element) {
  return element.type === "radio" || element.type === "checkbox";
}

function initialOf(element) {
  if (element.tagName === "SELECT") {
    const chosen = [...element.options].find((option) => option.defaultSelected);
    return (chosen || element.options[0])?.value ?? "";
  }
  return element.defaultValue;
}
