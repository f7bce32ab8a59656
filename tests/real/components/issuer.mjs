// oidc-provider: gives tokens for the API, each good for two minutes. Usage: issuer.mjs PORT
import { pathToFileURL } from 'node:url';

const port = Number(process.argv[2]);
const main = `${process.env.NPM_FOLDER}/node_modules/oidc-provider/lib/index.js`;
const { Provider } = await import(pathToFileURL(main));

const api = {
  scope: 'read',
  audience: 'urn:api',
  accessTokenFormat: 'jwt',
  accessTokenTTL: 120,
  jwt: { sign: { alg: 'RS256' } },
};
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'app',
      client_secret: 'app-secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  scopes: ['read'],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:api',
      getResourceServerInfo: () => api,
    },
  },
});
provider.listen(port, '127.0.0.1');
