// express with express-oauth2-jwt-bearer: the API. Usage: resource.mjs PORT ISSUER
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.NPM_FOLDER}/`);
const express = require('express');
const { auth } = require('express-oauth2-jwt-bearer');

const [port, issuer] = [Number(process.argv[2]), process.argv[3]];
const app = express();
app.use('/api', auth({ audience: 'urn:api', issuerBaseURL: issuer }), (_request, response) =>
  response.json({ ok: true }),
);
app.use((error, _request, response, _next) => {
  response.set(error.headers ?? {});
  response.status(error.status ?? 500);
  response.json({ error: error.code, error_description: error.message });
});
app.listen(port, '127.0.0.1');
