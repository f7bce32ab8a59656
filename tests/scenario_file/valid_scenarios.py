"""Scenarios without a fault: the contract's example, and one for every form of every field."""

from __future__ import annotations

CONTRACT = """\
# yaml-language-server: $schema=scenario.schema.json
version: 1
name: deepseek-401
description: Which key source is wrong, and does the proxy matter?

request:
  method: POST
  url: https://api.deepseek.com/chat/completions
  headers:
    Authorization: Bearer ${key}
  json: {model: deepseek-chat, messages: [{role: user, content: ping}], max_tokens: 1}

axes:
  key:
    shell: {env: DEEPSEEK_API_KEY}
    dotenv: {dotenv: .env, name: DEEPSEEK_API_KEY}
    vault: {command: [pass, show, deepseek]}
  proxy: {direct: none, corp: "http://127.0.0.1:3128"}
  scheme:
    bearer: {}
    lower: {headers: {Authorization: "bearer ${key}"}}
    x-api-key: {headers: {Authorization: null, X-Api-Key: "${key}"}}

exclude: [{key: vault, proxy: corp}]
include: [{key: dotenv, scheme: lower}]

outcome:
  pass: [{status: 2xx}]
  denied: [{status: 401}, {status: 200, json: {/error/type: {contains: auth}}}]
expect: [{when: {scheme: x-api-key}, outcome: denied, code: H06}]

search: {strategy: isolate, concurrency: 8, rate: 5/s, budget: 200, max_denied: 50, deadline: 5m}
record: {cassette: cassettes/deepseek-401.yaml}

lab:
  provider: deepseek
  keys: {dotenv: {value: good, suffix: '"'}}
  proxies: {corp: honest}
"""

MINIMAL = """\
version: 1
name: minimal
request: {url: "https://api.example.com/v1/models"}
"""

CONNECTION = """\
version: 1
name: connection
request:
  url: https://api.example.com/v1/models
  headers:
    - [Authorization, "Bearer ${key}"]
    - [authorization, "Bearer ${key}"]
    - ["X A ", "1\\r\\nX-Injected: 1"]
  key: {env: API_KEY}
  client: raw
  auto_headers: none
  http: "1.0"
  resolve: {"api.example.com:443": "203.0.113.7:8443", "[::1]:443": "[2001:db8::7]:443"}
  tls: {verify: false, ca: ca.pem, cert: c.pem, key: k.pem, sni: x.test, min: "1.2", max: "1.3"}
axes:
  http: ["1.0", "1.1"]
  auto_headers: [none, client]
  client: [raw, aiohttp]
  resolve:
    here: {"api.example.com:443": "203.0.113.7:8443", "[::1]:443": "[2001:db8::7]:443"}
    there: null
  edge: {own: {}, other: {tls: null}, third: {tls: {max: "1.2"}}}
"""

FIELDS = """\
version: 1
name: fields
request:
  method: PUT
  url: {env: API_URL, default: "https://api.example.com/", path: /v1/things}
  query: {page: "1", "q": "${key|urlencode}"}
  headers:
    - [Host, api.example.com]
    - [X-Trace, a]
    - [x-trace, "b $5 $${key}"]
  form: {grant_type: client_credentials, assertion: "${keys.gateway|base64}"}
  key: {file: key.txt, cwd: secrets, strip: true}
  keys.gateway: {dotenv: .env, name: GATEWAY_KEY, cwd: .., find: up}
  sign: {basic: {username: {env: API_USER}, password: {prompt: Password}}}
  clock: -1.5m
  proxy: {url: "http://proxy.example.com:3128", username: me, password: {env: PROXY_PASSWORD}}
  client: aiohttp
  redirects: {follow: 3, credentials: always}
  timeout: 300ms
search: {strategy: all, rate: 30/m, repeat: 2}
"""

FIELD_AXES = """\
version: 1
name: field-axes
request: {}
axes:
  method: [POST, PUT]
  url: {one: "https://api.example.com/?a=b", two: {env: OTHER_URL}}
  query: {plain: {a: "1"}, other: {A: "2", b: "3"}, bare: null}
  headers:
    full: {X-A: "1", X-B: "2"}
    pairs: [[X-B, "1"], [X-B, "2"]]
    bare: null
  json: {first: {a: [1, 2.50, true, null]}, second: "text ${keys.second}", bare: null}
  key: {shell: {env: A_KEY}, wrong: {literal: wrong-on-purpose}}
  keys.second: {here: {env: B_KEY}, there: {env: C_KEY}}
  sign:
    jwt: {jwt: {ttl: 2m, claims: {iss: me}, headers: {kid: "1"}, unit: ms, alg: HS512}}
    own: {jwt: {secret: {env: JWT_SECRET}}}
    bearer: {bearer: {}}
    header: {header: {name: X-Api-Key, key: {env: D_KEY}}}
    query: {query: {name: key}}
    basic: {basic: {username: me, password: {env: PASSWORD}}}
    unsigned: null
  clock: [0s, -10m, +10m]
  proxy: {direct: none, corp: "http://127.0.0.1:3128/", bare: null}
  client: [aiohttp]
  redirects: {follow: {}, none: none, bare: null}
  timeout: [5s, 10s]
"""

PATCHES = """\
version: 1
name: patches
request:
  url: https://api.example.com/
  query: {page: "1", size: "2"}
  headers: {Authorization: "Bearer ${key}", X-Region: eu}
  json: {model: a, stream: false}
  key: {env: API_KEY}
axes:
  region:
    eu: {}
    us: {headers: {x-region: us}}
    none: {headers: {X-Region: null}}
  paging:
    both: {}
    one: {query: {page: null}}
    none: {query: null}
  model:
    a: {}
    b: {json+: {model: b, stream: null}}
  route:
    plain: {}
    slow: {proxy: "http://127.0.0.1:3128", clock: 1s, redirects: none, timeout: 9s, client: aiohttp}
    reset: {proxy: null, clock: null, redirects: null, timeout: null, method: GET}
    signed: {sign: {bearer: {}}}
    unsigned: {sign: null}
exclude: [{region: "*", paging: none, model: [b]}]
expect:
  - {when: {region: [us, none]}, outcome: denied}
  - {outcome: pass}
"""

BODIES = """\
version: 1
name: bodies
request:
  url: https://api.example.com/
  body: "plain ${key}"
  key: {prompt: The key}
axes:
  kind:
    text: {}
    form: {form: {a: b}}
    file: {body_file: body.bin}
    json: {json: {a: b}}
    none: {body: null}
    swapped: {body: null, form: {a: c}}
"""

OUTCOMES = """\
version: 1
name: outcomes
request: {url: "https://api.example.com/"}
outcome:
  pass:
    - status: [200, "201", 3xx]
      header: {Content-Type: {contains: json}}
      json: {"": {present: true}, /a~1b: {equals: 5}, /c: {equals: null}}
      text: [{contains: a}, {equals: b}, {present: false}]
  denied:
    - {text: {contains: nope}}
"""

LAB = """\
version: 1
name: lab
request:
  url: https://api.example.com/
  headers: {Authorization: "Bearer ${key}", X-Gateway: "${keys.gateway}", X-Fixed: "${keys.fixed}"}
  keys.fixed: {env: FIXED}
axes:
  key: {shell: {env: A}, dotenv: {env: B}}
  keys.gateway: {one: {env: C}, two: {env: D}}
lab:
  provider: jwt
  wording: legacy
  leeway: 0s
  keys:
    shell: {value: revoked, prefix: " "}
    dotenv: {same_as: shell}
    gateway.two: {text: undefined}
    keys.fixed: {value: no-balance}
  proxies: {proxy: dead}
  redirects: [{from: "https://api.example.com/", to: "https://b.example.com/", status: 302}]
"""

ALLOWED_LITERALS = """\
version: 1
name: allowed-literals
request:
  allow_literals: true
  url: https://user:pass@api.example.com/?api_key=abc
  headers: {Authorization: Bearer not-a-key, Cookie: a=b}
  form: {password: abc}
"""

SIGNATURES = """\
version: 1
name: signatures
request:
  url: https://api.example.com/
  key: {env: A_KEY}
  keys.id: {env: ID}
axes:
  sign:
    hmac: {hmac: {}}
    hmac-full:
      hmac:
        secret: {env: H_KEY}
        secret_encoding: base64
        algorithm: sha512
        message: "$${a} $$${method}|${header.X-Date}|${keys.id|base64}"
        header: Authorization
        value: "HMAC ${keys.id}:${signature}@${timestamp}"
        timestamp_header: null
        timestamp_format: ms
        encoding: base64
    sigv4: {sigv4: {access_key: id, region: eu-west-1, service: s3}}
    sigv4-full:
      sigv4:
        access_key: {env: ACCESS}
        secret_key: {env: SECRET}
        session_token: {env: SESSION}
        region: r
        service: s
        signed_headers: [Host, X-B]
    tc3: {tc3: {secret_id: {env: ACCESS}, service: cvm, region: r, action: A, version: v}}
    http: {http-signature: {key_id: k}}
    http-full:
      http-signature:
        key_id: {env: ACCESS}
        secret: {file: key.pem}
        secret_encoding: hex
        alg: ed25519
        components: ["@method", Date]
        expires: 5m
    oauth2: {oauth2: {token_url: "https://login.example.com/token", client_id: me}}
    oauth2-full:
      oauth2:
        token_url: https://login.example.com/token
        client_id: {env: ACCESS}
        client_secret: {env: SECRET}
        scope: a b
        audience: api
        auth: body
        share: true
    digest: {digest: {username: me}}
    digest-full: {digest: {username: {env: ACCESS}, password: {env: SECRET}}}
    glm: {jwt: {preset: glm}}
    glm-in-seconds: {jwt: {preset: glm, unit: s}}
    kling: {jwt: {preset: kling, issuer: {env: ACCESS}, ttl: 30m}}
    kling-by-claim: {jwt: {preset: kling, claims: {iss: me}}}
"""

SOURCES = """\
version: 1
name: sources
request:
  url: https://api.example.com/
  headers: {Authorization: "Bearer ${key}"}
axes:
  key:
    keyring: {keyring: deepseek, user: me}
    netrc: {netrc: api.example.com}
    netrc-of: {netrc: api.example.com, login: me}
    pid: {process: {pid: 1234}, name: API_KEY}
    program: {process: {name: gunicorn}, name: API_KEY}
    unit: {process: {unit: my-app@1.service}, name: API_KEY}
    canary: {canary: true}
    styled: {canary: {prefix: sk-ant-, length: 40}}
    shell: {dotenv: .env, name: API_KEY, dialect: shell}
    docker: {dotenv: .env, name: API_KEY, dialect: docker}
    plain: {dotenv: .env, name: API_KEY, dialect: python-dotenv}
"""

CANARIES = """\
version: 1
name: canaries
request:
  url: https://api.example.com/
  key: {canary: true}
  headers: {Authorization: "Bearer ${key}"}
axes:
  proxy:
    direct: none
    corp: {url: "http://127.0.0.1:3128", username: me, password: {env: PROXY_PASSWORD}}
    gone: "http://127.0.0.1:3129"
expect:
  - {when: {proxy: corp}, arrival: replaced, code: P05}
  - {when: {proxy: gone}, outcome: unreachable}
"""

PROXIES = """\
version: 1
name: proxies
request: {url: "https://api.example.com/"}
axes:
  proxy:
    env: system
    direct: none
    as-curl: {system: curl}
    tls: {url: "https://proxy.example.com", tls: {ca: proxy.pem}}
    tor: "socks5h://127.0.0.1:9050/"
    socks: {url: "socks5://[::1]:1080", username: me, password: {env: PROXY_PASSWORD}}
"""

VALID = {
    "proxies": PROXIES,
    "sources": SOURCES,
    "canaries": CANARIES,
    "contract": CONTRACT,
    "minimal": MINIMAL,
    "fields": FIELDS,
    "field-axes": FIELD_AXES,
    "patches": PATCHES,
    "bodies": BODIES,
    "outcomes": OUTCOMES,
    "lab": LAB,
    "allowed-literals": ALLOWED_LITERALS,
    "signatures": SIGNATURES,
    "connection": CONNECTION,
}
