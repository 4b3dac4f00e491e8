// Keeps a page fresh: whenever the server rings, the page is fetched again and what differs is put in place.
// Without EventSource, or when it fails for good, the page asks every few seconds instead.
"use strict";
(() => {
  const pace = 900;          // milliseconds between two refreshes at least
  const pollEvery = 4000;
  const source = document.body.dataset.events;
  const note = document.querySelector("[data-connection]");

  // What was just done is said once, not again when the page is reloaded.
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(null, "", here);
    setTimeout(() => document.querySelector(".notice")?.remove(), 9000);
  }

  for (const element of document.querySelectorAll("[data-no-script]")) element.hidden = true;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.submit();
  });
  document.addEventListener("input", (event) => { event.target.dataset.touched = "yes"; });
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  if (!source) return;

  const say = (state, text) => {
    document.body.dataset.connection = state;
    note.hidden = false;
    note.textContent = text;
  };

  // What somebody is typing into stays as it is.
  const isInUse = (element) =>
    element === document.activeElement || element.dataset?.touched === "yes";

  const morph = (old, fresh) => {
    if (old.isEqualNode(fresh) || isInUse(old)) return;
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh.cloneNode(true));
    if (old.nodeType !== Node.ELEMENT_NODE) { old.nodeValue = fresh.nodeValue; return; }
    for (const { name } of [...old.attributes]) {
      const isUnfolded = name === "open" && old.nodeName === "DETAILS";
      if (!fresh.hasAttribute(name) && !isUnfolded) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morphChildren(old, fresh);
  };

  const morphChildren = (old, fresh) => {
    const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
    let place = old.firstChild;
    for (const wanted of fresh.childNodes) {
      const known = wanted.id && named.get(wanted.id);
      if (known) {
        named.delete(wanted.id);
        if (known === place) place = place.nextSibling; else old.insertBefore(known, place);
        morph(known, wanted);
      } else if (place && !place.id && !wanted.id) {
        const next = place.nextSibling;
        morph(place, wanted);
        place = next;
      } else {
        old.insertBefore(wanted.cloneNode(true), place);
      }
    }
    while (place) { const next = place.nextSibling; place.remove(); place = next; }
  };

  let busy = false, again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.redirected) location.reload();
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const fresh of page.querySelectorAll("[data-live]")) {
          const old = document.getElementById(fresh.id);
          if (old) morph(old, fresh);
        }
        document.title = page.title;
        document.body.dataset.refreshes = String(1 + Number(document.body.dataset.refreshes || 0));
      }
    } catch { /* The server is away; the next ring or poll tries again. */ }
    setTimeout(() => { busy = false; if (again) { again = false; refresh(); } }, pace);
  };

  let poll = 0;
  const startPolling = () => {
    if (poll) return;
    say("polling", "Refreshed every few seconds");
    poll = setInterval(refresh, pollEvery);
  };
  const stopPolling = () => { clearInterval(poll); poll = 0; };

  if (!window.EventSource) return startPolling();

  let stream = null, letGo = 0;
  const connect = () => {
    if (stream) return;
    stream = new EventSource(source);
    stream.addEventListener("open", () => { stopPolling(); say("live", "Live"); });
    stream.addEventListener("change", refresh);
    stream.addEventListener("end", () => { refresh(); disconnect(); connect.isOver = true; say("ended", "Complete"); });
    stream.addEventListener("error", () => {
      if (stream?.readyState === EventSource.CLOSED) startPolling(); else say("away", "Reconnecting …");
    });
  };
  const disconnect = () => { stream?.close(); stream = null; };

  // A browser grants a server few connections: a page that nobody looks at lets go of its own after a while.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(letGo);
    if (document.hidden) letGo = setTimeout(disconnect, 30000);
    else if (!stream && !connect.isOver) { connect(); refresh(); }
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  connect();
})();
