using System.Text;
using EdgeAgent.Doctor.Bundle;

namespace EdgeAgent.Tests.Doctor;

public sealed class RedactionTests
{
    private const string Secret = "h0rse\"battery/staple+";

    [Theory]
    [InlineData("plain: h0rse\"battery/staple+ and on")]
    [InlineData("uri: http://proxy/?p=h0rse%22battery%2Fstaple%2B")]
    [InlineData("json: {\"x\":\"h0rse\\u0022battery/staple\\u002B\"}")]
    [InlineData("hex: 683072736522626174746572792f737461706c652b")]
    public void A_secret_that_is_known_is_taken_out_in_every_form(string text)
    {
        string cleaned = new Redaction([Secret]).Clean(text);

        Assert.Contains(Redaction.Hidden, cleaned, StringComparison.Ordinal);
        Assert.DoesNotContain("battery", cleaned, StringComparison.Ordinal);
        Assert.DoesNotContain("62617474657279", cleaned, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("somebody:")]
    public void A_secret_in_base64_is_taken_out_wherever_it_begins_within_the_bytes(string before)
    {
        string login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{before}{Secret}:behind"));

        string cleaned = new Redaction([Secret]).Clean($"Basic {login}");

        Assert.DoesNotContain(login[8..20], cleaned, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endpoint http://me:top@proxy.example:3128/", "http://(not shown)@proxy.example:3128/")]
    [InlineData("mqtt_password=abc123", "mqtt_password=(not shown)")]
    [InlineData("\"token\": \"xyz\"", "\"token\": \"(not shown)\"")]
    [InlineData("ExecStart=/usr/bin/edge-agent enroll --token T0K", "ExecStart=/usr/bin/edge-agent enroll --token (not shown)")]
    [InlineData("Environment=DOTNET_x=1 \"WIFI=a b\" PLAIN=c", "Environment=DOTNET_x=1 WIFI=(not shown) PLAIN=(not shown)")]
    [InlineData("SetCredential=mqtt:abc", "SetCredential=mqtt:(not shown)")]
    [InlineData("Proxy-Authorization: Basic abc==", "Proxy-Authorization: (not shown)")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nnext", "(not shown)\nnext")]
    public void What_looks_like_a_secret_is_taken_out_though_nobody_knows_it(string text, string cleaned) =>
        Assert.Contains(cleaned, new Redaction([]).Clean(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"password\": { \"file\": \"secrets/mqtt\" }")]
    [InlineData("{\"password\":{\"environment\":\"MQTT\"}}")]
    [InlineData("It is renewed from 2026-03-01 on.")]
    [InlineData("https://ingest.example.com:8443")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, new Redaction(["abc"]).Clean(text));
}
