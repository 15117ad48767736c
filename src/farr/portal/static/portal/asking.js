"use strict";
// What is no word of waiting (the answer, a refusal, the page to sign in) is for the whole page, which is loaded again and shows it as what it
// is. A portal that is busy or restarts is looked at again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const said = event.detail.xhr;
  if (said.status >= 500 || said.status === 429 || said.responseText.includes('id="asking"')) return;
  event.detail.shouldSwap = false;
  window.location.reload();
});
