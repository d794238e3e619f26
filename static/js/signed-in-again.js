// The small window: tells the pages that wait for it, and is done. No content passes here.
const channel = new BroadcastChannel("maca-session");
channel.postMessage("signed in");
if (window.opener) {
  window.close();
}
