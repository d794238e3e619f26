// What stands on the page as a text file, without asking the server for it again.

for (const button of document.querySelectorAll("[data-maca-download]")) {
  button.closest("[data-maca-download-block]").hidden = false;
  button.addEventListener("click", () => {
    const items = document.getElementById(button.dataset.macaDownload).children;
    const lines = Array.from(items, (item) => item.textContent.trim());
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/plain" }));
    link.download = button.dataset.macaDownloadName;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
