// Keys, and forms that change a row of the timeline without moving the page.
// Without this file everything works as well: the forms are plain forms, and each key has its link.
"use strict";

const SWITCH = "nieuwswacht-keys";
const PLACES = { t: "/", r: "/rules", s: "/sources", d: "/deliveries" };
const LEADER_MS = 1500;
let chosen = null; // the row of the timeline that j and k have reached
let leader = 0; // when g was pressed

const rows = () => [...document.querySelectorAll("ol[data-rows] > .story")];
const keysAreOn = () => localStorage.getItem(SWITCH) !== "off";

function choose(row) {
  chosen?.classList.remove("here");
  chosen = row;
  row.classList.add("here");
  row.querySelector("[data-key=o]")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(chosen);
  choose(all[Math.min(Math.max(at < 0 ? 0 : at + by, 0), all.length - 1)]);
  return true;
}

function press(key) {
  const within = rows().length ? chosen : document;
  const found = within?.querySelector(`[data-key="${key}"]`);
  found?.click();
  return Boolean(found);
}

function search() {
  const field = document.querySelector("input[type=search]");
  if (!field) location.assign("/search");
  field?.focus();
  field?.select();
  return true;
}

async function help() {
  let dialog = document.querySelector("dialog.keys");
  if (!dialog) {
    const page = await read(await fetch("/keys"));
    dialog = document.createElement("dialog");
    dialog.className = "keys";
    dialog.append(...page.querySelector("main").childNodes);
    document.body.append(dialog);
    showSwitch(dialog);
  }
  dialog.open ? dialog.close() : dialog.showModal();
}

function act(key) {
  if (leader && Date.now() - leader < LEADER_MS && key in PLACES) {
    location.assign(PLACES[key]);
    return true;
  }
  leader = key === "g" ? Date.now() : 0;
  switch (key) {
    case "j": return step(1) || press("j");
    case "k": return step(-1) || press("k");
    case "u": document.querySelector("form.toast button")?.click(); return true;
    case "/": return search();
    case "?": help(); return true;
    default: return "ovsmxw".includes(key) && press(key);
  }
}

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "j" && event.key !== "k") return;
  if (event.key.length === 1 && keysAreOn() && act(event.key)) event.preventDefault();
});

// The one switch.
function showSwitch(within) {
  const box = within.querySelector("[data-switch]");
  if (!box) return;
  box.disabled = false;
  box.checked = keysAreOn();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}

// Forms of the timeline.
const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

function showToast(toast) {
  document.querySelector("form.toast")?.remove();
  if (!toast) return;
  document.querySelector("#main").before(toast);
  setTimeout(() => toast.remove(), 1000 * toast.dataset.seconds);
}

function showRows(page, button) {
  for (const fresh of page.querySelectorAll("ol[data-rows] > .story")) {
    const row = document.getElementById(fresh.id);
    if (!row) continue;
    row.replaceWith(fresh);
    if (row === chosen) choose(fresh);
    if (row.contains(button)) fresh.querySelector(`[data-key="${button.dataset.key}"]`)?.focus({ preventScroll: true });
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter, row = form.closest("ol[data-rows] > .story");
  const ours = row || form.matches("form.toast, form.all");
  if (!ours || !rows().length || form.dataset.plain) return;
  event.preventDefault();
  const data = new URLSearchParams(new FormData(form));
  if (button?.name) data.set(button.name, button.value);
  const there = location.pathname + location.search;
  const changed = (row ? [row] : rows()).map((each) => each.id).join(".");
  data.set("back", `/rows?stories=${changed}&there=${encodeURIComponent(there)}`);
  const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
  if (!answer?.ok) {
    form.dataset.plain = "1"; // send it once more, as a page: that one says what is wrong
    form.requestSubmit(button);
    return;
  }
  const page = await read(answer);
  showRows(page, button);
  showToast(page.querySelector("form.toast"));
});

// What changes while a page is open: how the program does, and what is counted; nothing moves.
const LIVE_MS = 60_000;

async function refresh() {
  const form = document.querySelector("form[data-counts]");
  const place = form ? `${location.pathname}?${new URLSearchParams(new FormData(form))}` : "/keys";
  const answer = await fetch(place).catch(() => null);
  const page = answer?.ok ? await read(answer) : null;
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page?.getElementById(old.id);
    if (fresh && !fresh.isEqualNode(old) && !old.contains(document.activeElement)) old.replaceWith(fresh);
  }
  const health = document.getElementById("health");
  if (page || !health) return;
  health.className = "health bad";
  health.textContent = health.title = health.dataset.lost;
}

setInterval(() => document.hidden || refresh(), LIVE_MS);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.querySelector("form[data-counts]")?.addEventListener("change", refresh);

showSwitch(document);
const toast = document.querySelector("form.toast");
if (toast) setTimeout(() => toast.remove(), 1000 * toast.dataset.seconds);
