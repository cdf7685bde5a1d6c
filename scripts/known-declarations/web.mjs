// The declarations of js-sys, web-sys and other crates for the table that is fetched where the first one leaves imports unknown.
//
// Chosen by what the modules of npm packages import (one half of test/packages/list.json) and by breadth: the DOM, canvas,
// WebGL, WebGPU as wgpu has it, events, fetch, streams, sockets, IndexedDB, files, workers, crypto, WebRTC, sound. Interfaces
// that none of them imported and few programs use are left out; `run.mjs --all` writes them too.

/** Interfaces of web-sys that are left out, by their names in Rust. */
const leftOut = [
  /^Svg/,
  /^Vr/,
  /^Xr/,
  /^Speech/,
  /^Presentation/,
  /^Payment/,
  /^Midi/,
  /^Push/,
  /^Tcp|^Socket(Options|Element|ReadyState)|^ServerSocket/,
  /^Tv/,
  /^U2f/,
  /^Moz|^Chrome|^Browser|^Xul|^Iterable|^Console[A-Z]/,
  /^Rtc.*Stats|^RtcRtp|^RtcIdentity|^RtcFec|^RtcRtx|^RtcDtmf|^RtcTrack|^RtcCodec|^RtcMedia/,
  /^Css(?!StyleDeclaration|StyleSheet|Rule$|RuleList|StyleRule)/,
  /^Dom(Matrix|Point|Quad|Request|Error|Implementation|Window)/,
  /^Animation(?!Event)|^Keyframe|^Effect|^ComputedEffect|^BaseKeyframe|^BaseComputed|^BasicCardRequest|^BasicCardResponse/,
  /^(Analyser|Biquad|Channel|Constant|Convolver|Delay|Dynamics|Iir|Panner|Oscillator|Periodic|StereoPanner|WaveShaper)/,
  /^Audio(Listener|ParamMap|Processing|Track|Decoder|Encoder|Data)/,
  /^Html(Area|Audio|Base|Br|Data|Details|Dialog|Directory|Embed|Font|Frame|Heading|Hr|Html|Label|Legend|Li|Map|Menu|Meta|Meter|Mod|O[bL]|OptGroup|Output|Param|Paragraph|Picture|Pre|Progress|Quote|Source|Table|Time|Title|Track|UList|Unknown)/,
  /^Media(Key|Encrypted|Recorder|Element|StreamAudio|StreamTrackEvent|Session|Metadata|Error|Capabilit|Decoding|Encoding|Config)/,
  /^(Hmac|Rsa|Ecdh|Hkdf|Pbkdf2|Aes|Dh)/,
  /^Permission|^Notification|^Background|^Credential|^Authenticator|^PublicKey|^Attestation|^Assertion/,
  /^(Time(Event|Ranges)|Text(TrackCue|Track)|Track|Vtt|Video(Track|Color|Encoder|Decoder|Playback|Configuration))/,
  /^(Hid|Usb|Serial|Bluetooth|Gamepad|Nfc|Wake|DeviceMotion|DeviceAcc|DeviceRot|DeviceLight|DeviceProx|UserProx|Battery)/,
  /^(Fill|Flow|GroupedHistory|Hit|Hydra|IsNullable|Install|Lifecycle|L10n|Max|Mutation(Event)|NamedNode|Native|Network)/,
  /^(Xml(?!HttpRequest|HttpRequestEventTarget|Serializer)|XPath|Xsl|Tree|Cache(Batch|Query)|Caret|Cdata|Client|Clipboard(?!$|Item$|Event$))/,
  /^(Font(Face)?|Fetch|Ext(?!endable)|Extendable|Fuzzing|Get|Grid|ImageCapture|InputDevice|Ipc|Key(System|Id)|Legacy)/,
  /^(Screen(Lum|Orien)|Scroll(Area|Bounds)|Security|Shadow(?!Root$)|Share|Signal|StorageType|Style|Sc|Web(Kit|Transport|rtc|Gpu))/,
  /^(Print|Process|Progress(?!Event)|Profile|Property|Rad|RequestDe|Resp|Rotat|UiEventInit|Validity|Value|View|Watch|Wave|Wheel.*Init)/,
  /^(MathMl|VideoFrame|HtmlDocument|IdbFile|IdbMutable|MouseScroll|WebglMultiDraw|MediaTrackC|MediaTrackS|MediaSource|SourceBuffer|Navigat(e|ion)|DocumentType)/,
  /^(Offline|Old|Open|Optional|Page|Paint|Performance(Nav|Server|Timing|Observer|Entry(Ev|Fi))|Plugin|Popup|Position)/,
  /^(Mime|Mediat|Mouse.*Init|Keyboard.*Init|Touch.*Init|Drag.*Init|Pointer.*Init|Focus.*Init|Key.*Init|Touch(List)?$|Composition|Command)/,
];

/** Crates of which nothing is left out are those that are not named here. */
const leftOutOf = {
  "web-sys": leftOut,
  "js-sys": [
    /^(ArrayTuple|Float16Array|Intl|Collator|NumberFormat|PluralRules|RelativeTimeFormat|Locale|ListFormat|Segmenter|DisplayNames|DurationFormat)/,
  ],
};

/** Imports of interfaces that are left out, by the modules of the one half. */
const kept = new Set("SvgsvgElement SvgGraphicsElement DateTimeFormat".split(" "));

/**
 * Whether an item is worth its bytes.
 *
 * @param {string} crate
 * @param {{ rustClass: string }} item
 * @returns {boolean}
 */
export function web(crate, { rustClass }) {
  return kept.has(rustClass) || !(leftOutOf[crate] ?? []).some((pattern) => pattern.test(rustClass));
}
