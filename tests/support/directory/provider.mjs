// An agency's directory for the tests: oidc-provider with a page that asks for a name, no password.
// Argument: the application's address. It takes a free port, and says which.
import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [application] = process.argv.slice(2);
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "maca",
      client_secret: "a secret between the two",
      redirect_uris: [`${application}/directories/police/back/`],
      post_logout_redirect_uris: [`${application}/accounts/login/`],
    },
  ],
  claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["for tests only"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  // The name typed is the whole of the account: "id|address|yes" where the address is verified.
  findAccount: (_context, id) => {
    const [sub, email, verified] = id.split("|");
    return {
      accountId: id,
      claims: () => ({ sub, email, email_verified: verified === "yes", name: "Somebody" }),
    };
  },
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({
      clientId: oidc.client.clientId,
      accountId: oidc.session.accountId,
    });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const PAGE = `<!doctype html><html lang="en"><title>Directory</title><h1>Directory</h1>
<form method="post"><label>Account <input name="account"></label>
<label>Second factor <input type="checkbox" name="mfa" value="yes"></label>
<button>Sign in</button></form>`;

provider.use(async (context, next) => {
  if (!context.path.startsWith("/interaction/")) {
    await next();
    return;
  }
  if (context.method === "GET") {
    context.type = "html";
    context.body = PAGE;
    return;
  }
  const parts = [];
  for await (const part of context.req) {
    parts.push(part);
  }
  const sent = new URLSearchParams(Buffer.concat(parts).toString());
  const login = {
    accountId: sent.get("account"),
    amr: sent.get("mfa") ? ["pwd", "mfa"] : ["pwd"],
  };
  await provider.interactionFinished(context.req, context.res, { login }, {
    mergeWithLastSubmission: false,
  });
  context.respond = false;
});

server.on("request", provider.callback());
console.log(`ready ${port}`);
