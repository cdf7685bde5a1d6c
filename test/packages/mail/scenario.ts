import type { Rounds } from "../rounds.ts";
import type { Scenario } from "../scenario.ts";

/** A header of a message. */
export interface Header {
  readonly key: string;
  readonly value: string;
  free(): void;
}

/** An attachment. */
export interface MailAttachment {
  readonly content_id: string;
  readonly content_type: string;
  readonly filename: string;
  readonly content: Uint8Array;
  free(): void;
}

/** A message. */
export interface MailMessage {
  readonly sender: string;
  readonly subject: string;
  readonly headers: Header[];
  readonly body_html: string;
  readonly text: string;
  readonly attachments: MailAttachment[];
  free(): void;
}

/** The exports of mail-parser-wasm. */
export interface Mail {
  parse_message(raw: string): MailMessage;
}

const mixed = [
  "From: =?UTF-8?Q?Andr=C3=A9?= <andre@example.org>",
  "To: a@example.org, =?UTF-8?B?5pel5pys?= <b@example.org>",
  "Subject: =?UTF-8?B?8J+agCB0byBhbmQgZnJv?=",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="x"',
  "",
  "--x",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Gr=C3=BC=C3=9Fe =F0=9F=9A=80",
  "--x",
  "Content-Type: text/html; charset=iso-8859-1",
  "",
  "<p>é</p>",
  "--x",
  'Content-Type: image/png; name="dot.png"',
  "Content-Id: <dot>",
  "Content-Disposition: attachment; filename*=UTF-8''%e6%97%a5.png",
  "Content-Transfer-Encoding: base64",
  "",
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
  "--x",
  "Content-Type: message/rfc822",
  "",
  "Subject: inside",
  "",
  "deep",
  "--x--",
  "",
].join("\r\n");

const messages = [
  mixed,
  "From: a@example.org\nSubject: plain\n\nline\nline\n",
  "Subject: no body",
  "\n\nno header 日本 🚀 \u0000",
  "Content-Type: multipart/mixed; boundary=y\n\n--y\n\n--y\n--y\n",
  `Subject: ${"long ".repeat(5000)}\n\n${"é".repeat(50_000)}`,
];

/** Reads all of a message, and frees all of it. */
function read({ parse_message }: Mail, raw: string) {
  const message = parse_message(raw);
  const { sender, subject, body_html, text, headers, attachments } = message;
  const result = {
    ...{ sender, subject, body_html, text },
    headers: headers.map(({ key, value }) => [key, value]),
    attachments: attachments.map(({ content_id, content_type, filename, content }) => [
      ...[content_id, content_type, filename],
      content,
    ]),
  };
  for (const one of [message, ...headers, ...attachments]) one.free();
  return result;
}

/** The scenario of mail-parser-wasm. */
export const mailScenario: Scenario<Mail, undefined> = {
  "reads messages, their headers and their attachments": (mail) =>
    messages.map((raw) => {
      const { headers, ...rest } = read(mail, raw);
      // Rust hands the headers out in the order of a hash table.
      return { ...rest, headers: headers.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)) };
    }),
};

/** Arrays of objects that the caller owns. */
export const mailRounds: Rounds<Mail, undefined> = { start: (mail) => () => read(mail, mixed) };
