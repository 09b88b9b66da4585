using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Identity;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Testing;
using EdgeAgent.Torture.Network;

namespace EdgeAgent.Torture.Config;

/// <summary>A revision that says that the cloud is where it is not. The device has to find out before it lets go of the one it has.</summary>
internal static class PlaceCases
{
    public static IReadOnlyList<TortureCase> All { get; } =
    [
        // TEST-NET-1 (RFC 5737): nobody is there, and no answer comes.
        new("wrong cloud address with --bootstrap", _ => RejectedAsync(_ => "https://192.0.2.1:8443")),
        new("wrong cloud name with --bootstrap", _ => RejectedAsync(_ => "https://cloud.invalid:8443")),
        new("wrong port with --bootstrap", _ => RejectedAsync(_ => $"https://localhost:{Loopback.FreePort()}")),
        new("certificate of another CA with --bootstrap", _ => WithAnotherAuthorityAsync(RejectedAsync)),
        new("wrong cloud address without --bootstrap", _ => RefusedAsync(_ => "https://192.0.2.1:8443")),
        new("wrong port without --bootstrap", _ => RefusedAsync(_ => $"https://localhost:{Loopback.FreePort()}")),
        new("certificate of another CA without --bootstrap", _ => WithAnotherAuthorityAsync(RefusedAsync)),
        new("the cloud moves to another port with --bootstrap", _ => MovedAsync()),
    ];

    private static async Task<CaseResult> RejectedAsync(Func<ConfigRig, string> endpoint)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ReportView report = await rig.Device.OutcomeAsync(await rig.Device.PushAsync(Document(endpoint(rig)), bootstrap: true));
        return await rig.Device.CloseAsync(report is { Outcome: "rejected", Running: 0 } && report.Errors[0].Pointer == "/cloud/endpoint", ConfigDevice.Words(report));
    }

    private static async Task<CaseResult> RefusedAsync(Func<ConfigRig, string> endpoint)
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        string said = await ContentCases.RefusalAsync(rig, Document(endpoint(rig)));
        return await rig.Device.CloseAsync(said.Contains("bootstrap", StringComparison.Ordinal), $"refused by push: {said}");
    }

    private static async Task<CaseResult> WithAnotherAuthorityAsync(Func<Func<ConfigRig, string>, Task<CaseResult>> run)
    {
        using var folder = new TemporaryFolder();
        DevelopmentAuthority.Create(folder["stranger"], [], []);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(folder["stranger/server.crt"], folder["stranger/server.key"]);
        await using AnsweringServer stranger = await AnsweringServer.StartAsync(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null));
        return await run(_ => $"https://localhost:{stranger.Http2Port}");
    }

    /// <summary>The good one of its kind: else a device that refuses every new place would pass all others.</summary>
    private static async Task<CaseResult> MovedAsync()
    {
        await using ConfigRig rig = await ConfigRig.StartAsync();
        ReportView report = await rig.Device.OutcomeAsync(await rig.Device.PushAsync(Document($"https://localhost:{rig.ServicePort}"), bootstrap: true));
        return await rig.Device.CloseAsync(report.Outcome == "applied", ConfigDevice.Words(report));
    }

    private static string Document(string endpoint) => $$"""{ "cloud": { "endpoint": "{{endpoint}}" } }""";
}
