// Sets theme and language before anything is drawn; the rest of the page is in modules.
(function () {
  var root = document.documentElement;
  function kept(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  }
  var theme = kept("batchtx.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  var language = kept("batchtx.language") || navigator.language || "en";
  root.lang = /^zh/i.test(language) ? "zh-Hans" : "en";
})();
