import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario, settled } from "../scenario.ts";

/** Finds documents; the module awaits it. */
interface Resolver {
  resolve(did: string): unknown;
}

/** Finds secrets; the module awaits it. */
interface Secrets {
  get_secret(id: string): unknown;
  find_secrets(ids: string[]): unknown;
}

/** A message. */
export interface DidMessage {
  as_value(): unknown;
  pack_plaintext(resolver: Resolver): Promise<string>;
  pack_signed(by: string, resolver: Resolver, secrets: Secrets): Promise<[string, unknown]>;
  pack_encrypted(
    to: string,
    from: string | null | undefined,
    signer: string | null | undefined,
    resolver: Resolver,
    secrets: Secrets,
    options: unknown,
  ): Promise<[string, unknown]>;
  try_parse_forward(): unknown;
  free(): void;
}

/** The claim of an older identity. */
export interface FromPrior {
  as_value(): unknown;
  pack(issuer: string | null | undefined, resolver: Resolver, secrets: Secrets): Promise<[string, string]>;
  free(): void;
}

/** The exports of didcomm-node. */
export interface DidComm {
  readonly Message: (new (value: unknown) => DidMessage) & {
    unpack(
      text: string,
      resolver: Resolver,
      secrets: Secrets,
      options: unknown,
    ): Promise<[message: DidMessage, metadata: object]>;
  };
  readonly FromPrior: (new (value: unknown) => FromPrior) & {
    unpack(text: string, resolver: Resolver): Promise<[prior: FromPrior, id: string]>;
  };
}

/** Keys that were made for this run. */
export interface DidInput {
  /** Public and private keys by the name of their owner, as JWK: one to sign, one to agree on a secret. */
  readonly keys: Readonly<Record<string, { readonly sign: Jwk; readonly agree: Jwk }>>;
}

interface Jwk {
  readonly d?: string;
}

const [alice, bob] = ["did:example:alice", "did:example:bob"] as const;

function openPublic(jwk: Jwk) {
  return { ...jwk, d: undefined };
}

function resolvers({ keys }: DidInput) {
  const method = (id: string, owner: string, publicKeyJwk: object) => ({
    ...{ id, type: "JsonWebKey2020", controller: owner, publicKeyJwk },
  });
  const documents = Object.fromEntries(
    Object.entries(keys).map(([id, { sign, agree }]) => [
      id,
      {
        id,
        keyAgreement: [`${id}#agree`],
        authentication: [`${id}#sign`],
        verificationMethod: [method(`${id}#sign`, id, openPublic(sign)), method(`${id}#agree`, id, openPublic(agree))],
        service: [],
      },
    ]),
  );
  const stored = Object.fromEntries(
    Object.entries(keys).flatMap(([id, { sign, agree }]) => [
      [`${id}#sign`, { id: `${id}#sign`, type: "JsonWebKey2020", privateKeyJwk: sign }],
      [`${id}#agree`, { id: `${id}#agree`, type: "JsonWebKey2020", privateKeyJwk: agree }],
    ]),
  );
  const resolver: Resolver = { resolve: (did) => Promise.resolve(documents[did] ?? null) };
  const secrets: Secrets = {
    get_secret: (id) => Promise.resolve(stored[id] ?? null),
    find_secrets: (ids) => Promise.resolve(ids.filter((id) => Object.hasOwn(stored, id))),
  };
  return { resolver, secrets };
}

const content = {
  id: "1",
  typ: "application/didcomm-plain+json",
  type: "http://example.org/protocol",
  body: { text: "Grüße 日本 🚀", list: [1, null, { deep: true }] },
  from: alice,
  to: [bob],
  created_time: 1_516_269_022,
  extra: "\u0000",
};

/** Packs for Bob, and unpacks. What is encrypted differs each time; all else is told. */
async function sent({ Message }: DidComm, input: DidInput, from?: string, signer?: string, options: unknown = {}) {
  const { resolver, secrets } = resolvers(input);
  const message = new Message(content);
  try {
    const [packed, metadata] = await message.pack_encrypted(bob, from, signer, resolver, secrets, options);
    const [received, facts] = await Message.unpack(packed, resolver, secrets, {});
    const value = received.as_value();
    received.free();
    return { metadata, value, facts: { ...facts, signed_message: undefined } };
  } finally {
    message.free();
  }
}

/** The scenario of didcomm-node, whose promises wait for those of the objects that it is passed. */
export const didcommScenario: Scenario<DidComm, DidInput> = {
  "packs messages for another, who unpacks them": async (didcomm, input) => [
    await settled(sent(didcomm, input)),
    await settled(sent(didcomm, input, alice)),
    await settled(sent(didcomm, input, alice, alice)),
    await settled(sent(didcomm, input, undefined, alice, { forward: false, enc_alg_anon: "Xc20pEcdhEsA256kw" })),
  ],

  "signs, and reads what was signed": async ({ Message }, input) => {
    const { resolver, secrets } = resolvers(input);
    const message = new Message(content);
    const [signed, metadata] = await message.pack_signed(alice, resolver, secrets);
    const plain = await message.pack_plaintext(resolver);
    const [received, facts] = await Message.unpack(signed, resolver, secrets, {});
    const value = received.as_value();
    for (const one of [message, received]) one.free();
    return [signed, metadata, plain, value, facts];
  },

  "claims an older identity": async ({ FromPrior }, input) => {
    const { resolver, secrets } = resolvers(input);
    const prior = new FromPrior({ iss: alice, sub: bob, exp: 1_600_000_000 });
    const [packed, id] = await prior.pack(undefined, resolver, secrets);
    const [again, issuer] = await FromPrior.unpack(packed, resolver);
    const values = [prior.as_value(), again.as_value()];
    for (const one of [prior, again]) one.free();
    return [packed, id, issuer, values];
  },

  "rejects what it cannot pack, or cannot read": async (didcomm, input) => {
    const { resolver, secrets } = resolvers(input);
    const { Message } = didcomm;
    const message = new Message(content);
    const results = [
      await settled(sent(didcomm, input, "did:example:nobody")),
      await settled(sent(didcomm, input, alice, undefined, { enc_alg_anon: "none" })),
      await settled(sent(didcomm, input, alice, undefined, 5)),
      await settled(message.pack_signed("did:example:nobody", resolver, secrets)),
    ];
    for (const text of ["", "{}", "é 🚀", "[".repeat(100_000), JSON.stringify(content)]) {
      results.push(
        await settled(
          Message.unpack(text, resolver, secrets, {}).then(([received]) => {
            const value = received.as_value();
            received.free();
            return value;
          }),
        ),
      );
    }
    message.free();
    return results;
  },

  "rejects what the objects that it is passed reject, throw or return": async ({ Message }, input) => {
    const { resolver, secrets } = resolvers(input);
    const message = new Message(content);
    const results: unknown[] = [];
    const bad: Resolver["resolve"][] = [
      () => Promise.reject(new Error("no network: é 🚀")),
      () => Promise.resolve(5),
      () => Promise.resolve({ id: 5 }),
      () => Promise.resolve(null),
    ];
    for (const resolve of bad) results.push(await settled(message.pack_signed(alice, { resolve }, secrets)));
    const get_secret = () => Promise.reject(new Error("locked"));
    results.push(await settled(message.pack_signed(alice, resolver, { ...secrets, get_secret })));
    message.free();
    return results;
  },

  "throws for what is no message": ({ Message, FromPrior }) => [
    ...[undefined, null, 5, "text", {}, { ...content, id: 5 }, { ...content, to: "bob" }].map((value) =>
      outcome(() => new Message(value)),
    ),
    outcome(() => new FromPrior({ iss: alice })),
    outcome(() => {
      const message = new Message(content);
      const forward = outcome(() => message.try_parse_forward());
      message.free();
      return forward;
    }),
  ],
};

/** Promises that wait for promises, and some that reject. */
export const didcommRounds: Rounds<DidComm, DidInput> = {
  start: (didcomm, input) => async () => {
    const { resolver, secrets } = resolvers(input);
    const message = new didcomm.Message(content);
    const [signed] = await message.pack_signed(alice, resolver, secrets);
    const [received] = await didcomm.Message.unpack(signed, resolver, secrets, {});
    for (const one of [message, received]) one.free();
    await settled(sent(didcomm, input, "did:example:nobody"));
    outcome(() => new didcomm.Message(5));
  },
};
