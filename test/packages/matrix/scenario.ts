import type * as package_ from "@matrix-org/matrix-sdk-crypto-wasm";
import type { Rounds } from "../rounds.ts";
import { outcome, type Scenario, settled } from "../scenario.ts";

/** The exports of matrix-sdk-crypto-wasm. */
export type Matrix = typeof package_;

const alice = "@alice:example.org";
const roomName = "!room:example.org";

interface Freed {
  free(): void;
}

/** Frees what calls own, at their end. */
async function owning<Result>(
  run: (own: <Value extends Freed>(value: Value) => Value) => Result | Promise<Result>,
): Promise<Result> {
  const owned: Freed[] = [];
  try {
    return await run((value) => {
      owned.push(value);
      return value;
    });
  } finally {
    for (const one of owned.reverse()) one.free();
  }
}

/** Describes the result of a call that rejects, or throws. A reason may be an object of the module. */
async function attempt(call: () => Promise<unknown>): Promise<unknown> {
  const called = outcome(call) as { returned?: Promise<unknown> };
  if (!called.returned) return called;
  const result = (await settled(called.returned)) as { rejected?: package_.MegolmDecryptionError };
  if (!(result.rejected && "free" in result.rejected)) return result;
  const { code, description, maybe_withheld } = result.rejected;
  result.rejected.free();
  return { code, description, maybe_withheld };
}

/** Makes the machine of a device, and a room key for its user. */
async function shared(matrix: Matrix, own: <Value extends Freed>(value: Value) => Value) {
  const { OlmMachine, UserId, DeviceId, RoomId, EncryptionSettings } = matrix;
  const machine = own(await OlmMachine.initialize(own(new UserId(alice)), own(new DeviceId("DEVICE"))));
  const room = own(new RoomId(roomName));
  // The calls take over the users in their lists.
  await machine.updateTrackedUsers([new UserId(alice)]);
  const requests = await machine.shareRoomKey(room, [new UserId(alice)], own(new EncryptionSettings()));
  return { machine, room, requests: requests.length };
}

/** The scenario of matrix-sdk-crypto-wasm, whose keys are random: told is what they were used for. */
export const matrixScenario: Scenario<Matrix, undefined> = {
  "encrypts an event for a room, and decrypts it": (matrix) =>
    owning(async (own) => {
      const { DecryptionSettings, TrustRequirement } = matrix;
      const { machine, room, requests } = await shared(matrix, own);
      const updated: number[] = [];
      machine.registerRoomKeyUpdatedCallback((infos) => {
        updated.push(infos.length);
        for (const info of infos) info.free();
        return Promise.resolve();
      });
      const content = { body: "Grüße 日本 🚀", msgtype: "m.text" };
      const encrypted = JSON.parse(await machine.encryptRoomEvent(room, "m.room.message", JSON.stringify(content))) as {
        algorithm: string;
      };
      const event = {
        ...{ content: encrypted, event_id: "$1", origin_server_ts: 1_600_000_000, room_id: roomName },
        ...{ sender: alice, type: "m.room.encrypted", unsigned: {} },
      };
      const settings = own(new DecryptionSettings(TrustRequirement.Untrusted));
      const decrypted = own(await machine.decryptRoomEvent(JSON.stringify(event), room, settings));
      const shield = own(decrypted.shieldState(true));
      const { type, content: restored } = JSON.parse(decrypted.event) as { type: string; content: unknown };
      return {
        ...{ requests, algorithm: encrypted.algorithm, type, restored },
        sender: own(decrypted.sender).toString(),
        device: decrypted.senderDevice && own(decrypted.senderDevice).toString(),
        chain: decrypted.forwardingCurve25519KeyChain,
        shield: [shield.color, shield.code, shield.message],
        rejected: await attempt(() => machine.decryptRoomEvent("{}", room, settings)),
        unknown: await attempt(() =>
          machine.decryptRoomEvent(
            JSON.stringify({ ...event, content: { ...encrypted, session_id: "none" } }),
            room,
            settings,
          ),
        ),
      };
    }),

  "exports the keys that a function chooses, and imports them": (matrix) =>
    owning(async (own) => {
      const { OlmMachine } = matrix;
      const { machine } = await shared(matrix, own);
      const asked: unknown[] = [];
      const choose = (chosen: boolean) =>
        machine.exportRoomKeys((session) => {
          asked.push([own(session.roomId).toString(), own(session.senderKey).length, session.hasBeenImported()]);
          session.free();
          return chosen;
        });
      const [keys, none] = [await choose(true), await choose(false)];
      const locked = OlmMachine.encryptExportedRoomKeys(keys, "é 🚀", 10);
      const progress: unknown[] = [];
      const other = (await shared(matrix, own)).machine;
      const imported = own(
        await other.importExportedRoomKeys(OlmMachine.decryptExportedRoomKeys(locked, "é 🚀"), (done, total) => {
          progress.push([done, total]);
        }),
      );
      const rooms = [...imported.keys()].map(([room, senders]) => [room, senders.size]);
      return {
        ...{ asked, none, progress, rooms },
        counts: [imported.importedCount, imported.totalCount],
        wrong: outcome(() => OlmMachine.decryptExportedRoomKeys(locked, "wrong")),
        bad: await attempt(() => other.importExportedRoomKeys("nonsense", () => undefined)),
      };
    }),

  "has requests to send, of classes of their own": (matrix) =>
    owning(async (own) => {
      const { RequestType, KeysUploadRequest, KeysQueryRequest } = matrix;
      const { machine } = await shared(matrix, own);
      const requests = await machine.outgoingRequests();
      const results = requests.map((request) => [
        request.type,
        request instanceof KeysUploadRequest,
        request instanceof KeysQueryRequest,
        Object.keys(JSON.parse(request.body) as object).sort(),
      ]);
      for (const one of requests) (one as Freed).free();
      const sent = await attempt(() => machine.markRequestAsSent("none", RequestType.KeysUpload, "{"));
      const tracked = await machine.trackedUsers();
      const users = [...tracked].map((user) => own(user).toString());
      const keys = own(machine.identityKeys);
      const status = own(await machine.crossSigningStatus());
      return {
        ...{ results, sent, users },
        keys: [own(keys.ed25519).length, own(keys.curve25519).length],
        status: [status.hasMaster, status.hasSelfSigning, status.hasUserSigning],
        backup: await machine.isBackupEnabled(),
        absent: await machine.getIdentity(own(new matrix.UserId("@nobody:example.org"))),
      };
    }),

  "encrypts attachments, and decrypts them once": ({ Attachment, EncryptedAttachment }) =>
    owning((own) =>
      [new Uint8Array(), new TextEncoder().encode("é".repeat(5000))].map((bytes) => {
        const encrypted = own(Attachment.encrypt(bytes));
        const info = encrypted.mediaEncryptionInfo;
        const data = encrypted.encryptedData;
        const consumed = [encrypted.hasMediaEncryptionInfoBeenConsumed, typeof encrypted.mediaEncryptionInfo];
        const again = own(new EncryptedAttachment(data, info ?? ""));
        return [
          ...[data.length, typeof info, consumed, Attachment.decrypt(again)],
          outcome(() => Attachment.decrypt(again)),
          outcome(() => Attachment.decrypt(own(new EncryptedAttachment(data, "{}")))),
        ];
      }),
    ),

  "reads names and keys, and throws for bad ones": ({ UserId, RoomId, BackupDecryptionKey, EncryptionSettings }) =>
    owning((own) => {
      const key = own(BackupDecryptionKey.fromBase64("A".repeat(43)));
      const open = own(key.megolmV1PublicKey);
      const settings = own(new EncryptionSettings());
      settings.rotationPeriod = 18_446_744_073_709_551_615n;
      const user = own(new UserId("@é:example.org:8448"));
      const server = own(user.serverName);
      return [
        [open.publicKeyBase64, open.algorithm, key.toBase64()],
        [settings.rotationPeriod, settings.rotationPeriodMessages, settings.algorithm, settings.historyVisibility],
        [user.localpart, user.isHistorical(), server.host, server.port, own(user.clone()).toString()],
        ...["", "nobody", "@a", "@日本 🚀"].map((text) => outcome(() => own(new UserId(text)).toString())),
        outcome(() => own(new RoomId("room")).toString()),
        outcome(() => own(BackupDecryptionKey.fromBase64("!")).toBase64()),
      ];
    }),
};

/** A machine that encrypts, functions that it calls, and promises that reject. */
export const matrixRounds: Rounds<Matrix, undefined> = {
  start: (matrix) => () =>
    owning(async (own) => {
      const { machine, room } = await shared(matrix, own);
      await machine.encryptRoomEvent(room, "m.room.message", "{}");
      await machine.exportRoomKeys((session) => {
        session.free();
        return true;
      });
      await attempt(() =>
        machine.decryptRoomEvent("{}", room, own(new matrix.DecryptionSettings(matrix.TrustRequirement.Untrusted))),
      );
      outcome(() => new matrix.UserId("nobody"));
    }),
};
