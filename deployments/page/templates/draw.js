(function () {
  "use strict";
  var config = { displayModeBar: false, responsive: true, plotlyServerURL: "" };
  document.querySelectorAll(".figure").forEach(function (figure) {
    var spec = JSON.parse(figure.querySelector("script").textContent);
    Plotly.newPlot(figure.querySelector(".plot"), spec.data, spec.layout, config);
  });
  function reveal() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    var details = target && target.closest("details");
    if (details && !details.open) {
      details.open = true;
      target.scrollIntoView();
    }
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
