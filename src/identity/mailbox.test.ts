import { expect, it } from "vitest";
import { mailboxOf } from "./mailbox";

it.each([
  ["A.d.a+1@GMail.com", "ada@gmail.com", null],
  ["ada@googlemail.com", "ada@gmail.com", null],
  ["a-d_a@pm.me", "ada@proton.me", null],
  ["ada-shop@yahoo.co.jp", "ada@yahoo.co.jp", null],
  ["ada.b+x@outlook.de", "ada.b@outlook.de", null],
  ["12345@qq.com", "12345@qq.com", null],
  ["a.b+c@mail.firm.example", "a.b@mail.firm.example", "firm.example"],
  ["a@x.y.firm.co.uk", "a@x.y.firm.co.uk", "firm.co.uk"],
  ["a@firm.de", "a@firm.de", "firm.de"],
])("%s is the mailbox %s of the domain %s", (email, mailbox, domain) => {
  expect(mailboxOf(email)).toEqual({ mailbox, domain });
});
