import type * as package_ from "@emurgo/cardano-serialization-lib-nodejs";
import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario } from "../scenario.ts";

/** The exports of cardano-serialization-lib. */
export type Cardano = typeof package_;

interface Freed {
  free(): void;
}

/** Runs calls, and frees what they own. */
function owning<Result>(run: (own: <Value extends Freed>(value: Value) => Value) => Result): Result {
  const owned: Freed[] = [];
  try {
    return run((value) => {
      owned.push(value);
      return value;
    });
  } finally {
    for (const one of owned.reverse()) one.free();
  }
}

const entropy = Uint8Array.from({ length: 32 }, (_, at) => at * 7);
const hardened = 0x80000000;

/** Derives keys, builds a transaction, and signs it. */
function pay(cardano: Cardano, amount: string) {
  return owning((own) => {
    const big = (text: string) => own(cardano.BigNum.from_str(text));
    const root = own(cardano.Bip32PrivateKey.from_bip39_entropy(entropy, new TextEncoder().encode("é 🚀")));
    const account = [1852, 1815, 0].reduce((key, at) => own(key.derive(hardened + at)), root);
    const key = own(own(own(account.derive(0)).derive(0)).to_raw_key());
    const verifying = own(key.to_public());
    const hash = own(verifying.hash());
    const address = own(own(cardano.EnterpriseAddress.new(1, own(cardano.Credential.from_keyhash(hash)))).to_address());
    const config = own(
      [
        (one: package_.TransactionBuilderConfigBuilder) =>
          one.fee_algo(own(cardano.LinearFee.new(big("44"), big("155381")))),
        (one: package_.TransactionBuilderConfigBuilder) => one.pool_deposit(big("500000000")),
        (one: package_.TransactionBuilderConfigBuilder) => one.key_deposit(big("2000000")),
        (one: package_.TransactionBuilderConfigBuilder) => one.max_value_size(4000),
        (one: package_.TransactionBuilderConfigBuilder) => one.max_tx_size(8000),
        (one: package_.TransactionBuilderConfigBuilder) => one.coins_per_utxo_byte(big("4310")),
      ]
        .reduce((builder, step) => own(step(builder)), own(cardano.TransactionBuilderConfigBuilder.new()))
        .build(),
    );
    const builder = own(cardano.TransactionBuilder.new(config));
    const spent = own(cardano.TransactionInput.new(own(cardano.TransactionHash.from_bytes(entropy)), 0));
    builder.add_key_input(hash, spent, own(cardano.Value.new(big("9000000"))));
    builder.add_output(own(cardano.TransactionOutput.new(address, own(cardano.Value.new(big(amount))))));
    builder.set_ttl_bignum(big("410021"));
    builder.add_json_metadatum(big("674"), JSON.stringify({ msg: ["Grüße", "日本"] }));
    const changed = builder.add_change_if_needed(address);
    const built = own(builder.build_tx());
    const fixed = own(cardano.FixedTransaction.from_bytes(built.to_bytes()));
    fixed.sign_and_add_vkey_signature(key);
    const witnesses = own(own(fixed.witness_set()).vkeys() ?? own(cardano.Vkeywitnesses.new()));
    const signature = own(own(witnesses.get(0)).signature());
    const id = own(fixed.transaction_hash());
    return {
      ...{ changed, address: address.to_bech32(), bytes: fixed.to_bytes(), id: id.to_hex(), json: built.to_js_value() },
      verified: verifying.verify(id.to_bytes(), signature),
      fee: own(own(built.body()).fee()).to_str(),
      none: own(built.body()).certs(),
    };
  });
}

/** The scenario of cardano-serialization-lib. */
export const cardanoScenario: Scenario<Cardano, undefined> = {
  "derives keys, builds a transaction and signs it": (cardano) =>
    ["2000000", "8000000", "1", "9000001"].map((amount) => outcome(() => pay(cardano, amount))),

  "calculates with great numbers, and throws where they end": ({ BigNum, BigInt }) =>
    owning((own) => {
      const [one, most] = [own(BigNum.one()), own(BigNum.max_value())];
      return [
        most.to_str(),
        outcome(() => own(most.checked_add(one)).to_str()),
        outcome(() => own(one.checked_sub(most)).to_str()),
        own(one.clamped_sub(most)).to_str(),
        [most.compare(one), one.less_than(most), one.is_zero()],
        ...["18446744073709551616", "-1", "", "é", "1e3"].map((text) =>
          outcome(() => own(BigNum.from_str(text)).to_str()),
        ),
        own(own(BigInt.from_str("-123456789012345678901234567890")).mul(own(BigInt.one()))).to_str(),
        own(BigInt.from_str("-5")).as_u64(),
      ];
    }),

  "reads and writes data, with members that may be absent": ({ PlutusData, PlutusList, PlutusDatumSchema }) =>
    owning((own) => {
      const json = JSON.stringify({ list: [{ int: 5 }, { bytes: "c3a9" }, { map: [] }] });
      const data = own(PlutusData.from_json(json, PlutusDatumSchema.DetailedSchema));
      const list = own(data.as_list() ?? own(PlutusList.new()));
      list.add(own(PlutusData.new_bytes(Uint8Array.of(255, 0))));
      return [
        [data.kind(), list.len(), data.as_bytes(), data.as_map()],
        [data.to_hex(), list.to_bytes()],
        data.to_json(PlutusDatumSchema.DetailedSchema),
        own(list.get(1)).as_bytes(),
        outcome(() => own(PlutusData.from_json("{", PlutusDatumSchema.BasicConversions)).kind()),
      ];
    }),

  "takes objects over": ({ Languages, Language, LanguageKind, SingleHostAddr, Ipv4 }) =>
    owning((own) => {
      const languages = own(Languages.new());
      for (const make of [() => Language.new_plutus_v1(), () => Language.new_plutus_v2()]) languages.add(make());
      const hosts = [
        own(SingleHostAddr.new(3001, Ipv4.new(Uint8Array.of(127, 0, 0, 1)), undefined)),
        own(SingleHostAddr.new(undefined, null)),
      ];
      return [
        languages.len(),
        own(languages.get(1)).kind() === LanguageKind.PlutusV2,
        ...hosts.map((host) => [host.port(), host.to_json()]),
      ];
    }),

  "throws for what it cannot read": ({ Address, Value, Transaction, PrivateKey, TransactionHash }) => [
    ...["", "addr1", "日本 🚀", "addr1vx"].map((text) => outcome(() => Address.from_bech32(text).to_hex())),
    ...[[], [0], [255, 255]].map((bytes) => outcome(() => Transaction.from_bytes(Uint8Array.from(bytes)).to_hex())),
    outcome(() => Value.from_json("{}").to_hex()),
    outcome(() => PrivateKey.from_normal_bytes(new Uint8Array(31)).to_bech32()),
    outcome(() => TransactionHash.from_bytes(new Uint8Array(31)).to_hex()),
  ],

  "encrypts with a password, and decrypts": ({ encrypt_with_password, decrypt_with_password }) => {
    const secret = encrypt_with_password("70c3a9", "50".repeat(32), "50".repeat(12), "c3a9");
    return [secret, decrypt_with_password("70c3a9", secret), outcome(() => decrypt_with_password("00", secret))];
  },
};

/** Objects by the dozen: lent, taken over, returned, and some that are not made because the call throws. */
export const cardanoRounds: Rounds<Cardano, undefined> = {
  start: (cardano) => () => {
    owning((own) => {
      const languages = own(cardano.Languages.new());
      languages.add(cardano.Language.new_plutus_v1());
      own(cardano.SingleHostAddr.new(3001, cardano.Ipv4.new(Uint8Array.of(127, 0, 0, 1)), null));
      const [one, two] = [own(cardano.BigNum.one()), own(cardano.BigNum.from_str("2"))];
      own(cardano.Value.new(own(one.checked_add(two)))).to_js_value();
      outcome(() => cardano.BigNum.from_str("é"));
      outcome(() => own(one.checked_sub(two)));
      const data = own(cardano.PlutusData.new_bytes(Uint8Array.of(1, 2)));
      return [data.as_bytes(), data.as_list(), data.to_hex()];
    });
  },
};
