import { describe, expect, it } from "vitest";
import { faultOfUrl, isPublicAddress } from "./http-address";

describe("an address is not public", () => {
  it.each([
    ["loopback", ["127.0.0.1", "127.255.255.254", "::1"]],
    ["unspecified", ["0.0.0.0", "0.1.2.3", "::"]],
    ["private", ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"]],
    ["link-local", ["169.254.1.1", "fe80::1", "febf::1"]],
    ["the cloud's metadata", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"]],
    ["a carrier's own", ["100.64.0.1", "100.127.255.255"]],
    ["multicast or reserved", ["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1"]],
    [
      "for documents and benchmarks",
      ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1"],
    ],
    ["IPv4 in IPv6, mapped", ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8"]],
    ["IPv4 in IPv6, compatible", ["::127.0.0.1", "::7f00:1"]],
    ["IPv4 in IPv6, translated", ["64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::1"]],
    ["IPv4 in IPv6, by 6to4 or Teredo", ["2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::"]],
    ["no address", ["localhost", "", "127.1", "1.2.3.4.5"]],
  ])("that is %s", (_, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

it("addresses of the internet are public", () => {
  const addresses = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.63.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
  ];
  expect(addresses.filter(isPublicAddress)).toEqual(addresses);
});

describe("a URL", () => {
  it.each([
    "http://tools.example.com/run",
    "ftp://tools.example.com/run",
    "https://user:password@tools.example.com/",
    "https://tools.example.com:22/",
    "https://tools.example.com:25/",
    "https://tools.example.com:6667/",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://LOCALHOST:8443/run",
    "https://localhost./",
    "https://tools.localhost/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "tools.example.com",
    "",
  ])("%s is refused", (url) => {
    expect(faultOfUrl(url, false)).not.toBeNull();
  });

  it("of the internet with a port of the web or above the system's is let through", () => {
    const urls = ["https://tools.example.com/run", "https://tools.example.com:8443/", "https://8.8.8.8/"];
    expect(urls.map((url) => faultOfUrl(url, false))).toEqual([null, null, null]);
  });

  it("of one's own machine is let through where private addresses are, also without TLS", () => {
    expect(faultOfUrl("http://127.0.0.1:4000/", true)).toBeNull();
    expect(faultOfUrl("http://127.0.0.1:22/", true)).not.toBeNull();
  });
});
