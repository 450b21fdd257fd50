import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMessage, encodeMessage, type Message, makeHeader } from "../../../src/kernel/wire/index.js";

const key = "a-secret";

function message(over: Partial<Message> = {}): Message {
  return {
    identities: [Buffer.from("peer")],
    header: makeHeader("execute_request", "session-1"),
    parentHeader: {},
    metadata: {},
    content: { code: "1 + 1 // ∂ 🦊" },
    buffers: [Buffer.from([0, 255, 1])],
    ...over,
  };
}

describe("encodeMessage and decodeMessage", () => {
  test("round trip keeps every part", () => {
    const sent = message();
    expect(decodeMessage(encodeMessage(sent, key), key)).toEqual(sent);
  });

  test("half a character is replaced wherever it is, all other text stays", () => {
    const [high, low] = "😀";
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(high, low, "\\", "\\ud83d", '"'))),
        (pieces) => {
          const text = pieces.join("");
          const content = { [text]: [{ text }] };
          const expected = Buffer.from(text).toString();
          expect(decodeMessage(encodeMessage(message({ content }), key), key).content).toEqual({
            [expected]: [{ text: expected }],
          });
        },
      ),
    );
  });

  test("signs the four JSON frames with HMAC-SHA256 in hexadecimal", () => {
    const frames = encodeMessage(message(), key);
    const expected = createHmac("sha256", key)
      .update(Buffer.concat(frames.slice(3, 7)))
      .digest("hex");
    expect(frames[1]?.toString()).toBe("<IDS|MSG>");
    expect(frames[2]?.toString()).toBe(expected);
  });

  test("an empty key switches signing off on both sides", () => {
    const frames = encodeMessage(message(), "");
    expect(frames[2]).toHaveLength(0);
    expect(decodeMessage(frames, "").content).toEqual({ code: "1 + 1 // ∂ 🦊" });
  });

  test.each([3, 4, 5, 6])("rejects a change of frame %i, before it parses it", (index) => {
    const frames = encodeMessage(message(), key);
    frames[index] = Buffer.from("{ not json");
    expect(() => decodeMessage(frames, key)).toThrow("decodeMessage: the signature does not fit the frames");
  });

  test("rejects an empty, a shorter and another key's signature", () => {
    for (const signature of ["", "00", encodeMessage(message(), "other")[2]?.toString() ?? ""]) {
      const frames = encodeMessage(message(), key);
      frames[2] = Buffer.from(signature);
      expect(() => decodeMessage(frames, key)).toThrow("signature");
    }
  });

  test("rejects missing frames, JSON that is no object and a header without id", () => {
    expect(() => decodeMessage([], key)).toThrow("decodeMessage: frames must hold the delimiter");
    expect(() => decodeMessage(encodeMessage(message(), key).slice(0, 5), key)).toThrow("at least 5 frames, got 3");
    const frames = encodeMessage(message(), "");
    frames[6] = Buffer.from("[]");
    expect(() => decodeMessage(frames, "")).toThrow("decodeMessage: content must be a JSON object");
    frames[3] = Buffer.from("{}");
    frames[6] = Buffer.from("{}");
    expect(() => decodeMessage(frames, "")).toThrow("header.msg_id must be a string");
  });

  test("property: garbage frames only ever give our own error", () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.constantFrom(Buffer.from("<IDS|MSG>"), Buffer.from("{}"), Buffer.from(""), Buffer.from("0".repeat(64))),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 9 }), fc.constantFrom("", key), (frames, anyKey) => {
        try {
          decodeMessage(frames, anyKey);
        } catch (error) {
          expect((error as Error).message).toMatch(/^decodeMessage: /);
        }
      }),
    );
  });

  test("property: any JSON content and any buffers survive the trip", () => {
    const content = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }));
    const buffers = fc.array(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(content, buffers, (anyContent, anyBuffers) => {
        const plain = JSON.parse(JSON.stringify(anyContent));
        const back = decodeMessage(encodeMessage(message({ content: plain, buffers: anyBuffers }), key), key);
        expect(back.content).toEqual(plain);
        expect(back.buffers).toEqual(anyBuffers);
      }),
      { numRuns: 25 },
    );
  });
});
