using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeAgent.Ingestion.Web.Admin;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Grpc.Core;

namespace EdgeAgent.Torture.Config.Identity;

/// <summary>Somebody who wants to be a device, beside the device that goes on.</summary>
internal static class ImpostorCases
{
    private const string Other = "pump-8";

    public static IEnumerable<TortureCase> All =>
    [
        Besides("a token that was used comes again", ReplayAsync),
        Besides("a request for another device's name", AnotherNameAsync),
        Besides("another device claims this one's spool", AnotherSpoolAsync),
        Besides("a certificate of another authority in this device's name", AnotherAuthorityAsync),
        Besides("a client with a bearer token uploads", BearerAsync),
    ];

    /// <param name="name">Of the case.</param>
    /// <param name="tryAsync">What somebody else does; it says what came of it, and whether that is as it should be.</param>
    private static TortureCase Besides(string name, Func<IdentityRig, Task<(bool IsRight, string Detail)>> tryAsync) => new(name, async _ =>
    {
        await using IdentityRig rig = await IdentityRig.StartAsync();
        rig.Agent.Start();
        rig.StartPublisher();
        await rig.ReachedAsync("before");
        (bool isRight, string detail) = await tryAsync(rig);
        await rig.ReachedAsync("after");
        CaseResult result = await rig.JudgeAsync(detail);
        return result with { IsRecovered = result.IsRecovered && isRight };
    });

    private static async Task<(bool, string)> ReplayAsync(IdentityRig rig)
    {
        using var thief = new ForeignDevice(rig, null);
        using ECDsa key = ForeignDevice.NewKey();
        Status status = await RefusalAsync(() => thief.EnrolAsync(rig.Token, key));
        DeviceIdentityView device = await rig.Cloud.ShowAsync(IdentityRig.Device);
        return (
            status.StatusCode == StatusCode.Unauthenticated && device.Tokens.Sum(static token => token.Replays) == 1 && device.Certificates.Count == 1,
            status.ToString());
    }

    private static async Task<(bool, string)> AnotherNameAsync(IdentityRig rig)
    {
        using X509Certificate2 own = await ForeignDevice.EnrolAsync(rig, Other);
        using var stranger = new ForeignDevice(rig, null);
        using var other = new ForeignDevice(rig, own);
        using ECDsa key = ForeignDevice.NewKey();
        string token = await rig.Cloud.CreateTokenAsync(Other);
        Status enrolled = await RefusalAsync(() => stranger.EnrolAsync(token, key, IdentityRig.Device));
        Status renewed = await RefusalAsync(() => other.RenewAsync(key, IdentityRig.Device));
        DeviceIdentityView device = await rig.Cloud.ShowAsync(IdentityRig.Device);
        return (
            (enrolled.StatusCode, renewed.StatusCode, device.Certificates.Count) == (StatusCode.InvalidArgument, StatusCode.InvalidArgument, 1),
            $"{enrolled} {renewed}");
    }

    /// <summary>A spool's number is no secret, and its sequences are as easy to guess.</summary>
    private static async Task<(bool, string)> AnotherSpoolAsync(IdentityRig rig)
    {
        using X509Certificate2 own = await ForeignDevice.EnrolAsync(rig, Other);
        using var other = new ForeignDevice(rig, own);
        using var rows = new StoredRows(rig.Cloud.DatabaseFile);
        byte[] spool = rows.SpoolOf(IdentityRig.Device);
        UploadReceipt receipt = await other.UploadAsync(spool);
        string[] devices = [.. rows.ByDevice($"{IdentityRig.Foreign}/plain").Select(static row => row.Device)];
        return (receipt.RecordsStored == 1 && devices is [Other], $"What it sent is stored as {string.Join(", ", devices)}.");
    }

    private static async Task<(bool, string)> AnotherAuthorityAsync(IdentityRig rig)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.IssueDevice(IdentityRig.Device);
        using var impostor = new ForeignDevice(rig, certificate);
        using ECDsa key = ForeignDevice.NewKey();
        Status upload = await RefusalAsync(() => impostor.UploadAsync(new byte[16])), renewal = await RefusalAsync(() => impostor.RenewAsync(key, null));
        using var rows = new StoredRows(rig.Cloud.DatabaseFile);
        return (
            upload.StatusCode != StatusCode.OK && renewal.StatusCode != StatusCode.OK && !rows.ByDevice($"{IdentityRig.Foreign}/plain").Any(),
            $"{upload.StatusCode} {renewal.StatusCode}");
    }

    private static async Task<(bool, string)> BearerAsync(IdentityRig rig)
    {
        string token = await rig.Cloud.CreateTokenAsync(Other, isBearer: true);
        using var client = new ForeignDevice(rig, null);
        UploadReceipt receipt = await client.UploadAsync(new byte[16], token);
        Status without = await RefusalAsync(() => client.UploadAsync(new byte[16]));
        using var rows = new StoredRows(rig.Cloud.DatabaseFile);
        string[] devices = [.. rows.ByDevice($"{IdentityRig.Foreign}/plain").Select(static row => row.Device)];
        return (
            receipt.RecordsStored == 1 && without.StatusCode == StatusCode.Unauthenticated && devices is [Other],
            $"What it sent is stored as {string.Join(", ", devices)}; without the token: {without}");
    }

    private static async Task<Status> RefusalAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return Status.DefaultSuccess;
        }
        catch (RpcException refused)
        {
            return refused.Status;
        }
    }
}
