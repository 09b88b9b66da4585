using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Web.Admin;

// The shapes of the configuration API. Times are ISO 8601; a hash is SHA-256 in hexadecimal.

/// <remarks>
/// Document: Only where one version is asked for.
/// TrialSeconds: 0: the device's default.
/// </remarks>
internal sealed record LayerVersionView(
    string Layer, long Version, string Hash, string Author, string Made, string Message, bool MayChangeBootstrap, long TrialSeconds, JsonElement? Document);

/// <remarks>
/// Versions: Of which the revision is made, such as "fleet@3".
/// State: What the device said last about it; null: nothing.
/// </remarks>
internal sealed record RevisionView(
    long Number, string Hash, string Author, string Made, IReadOnlyList<string> Versions, bool MayChangeBootstrap, long TrialSeconds, string? State,
    JsonElement? Document);

/// <remarks>
/// Told: By the device's clock; null: it did not know the time.
/// Omitted: Errors beyond those that are kept.
/// Running: What the device runs since; 0: its own file.
/// </remarks>
internal sealed record ReportView(
    long Number, string Outcome, IReadOnlyList<ReportedError> Errors, long Omitted, string? Told, string Received, long Running);

/// <remarks>
/// State: "own-file", "unheard", "waiting", "sent", "on-trial", "applied", "rejected", "reverted" or "refused".
/// Number: What it should run; 0: its own file.
/// Held: What it said that it runs; 0: its own file.
/// Sent: What it was sent last, and when; 0 and null: nothing.
/// IsWatching: It waits at this instance of the service now.
/// Report: What it said last about the revision that it should run; null: nothing.
/// </remarks>
internal sealed record DeviceConfigView(
    string Device, string State, long Number, string Hash, IReadOnlyList<string> Versions, long Held, long Sent, string? SentTime, bool IsWatching,
    string AgentVersion, ReportView? Report);

internal sealed record DeviceHistoryView(
    DeviceConfigView Device, IReadOnlyList<string> Groups, IReadOnlyList<RevisionView> Revisions, IReadOnlyList<ReportView> Reports);

/// <remarks>
/// Stage: From 1, of the Stages.
/// AfterSeconds: 0: the next stage begins by hand.
/// Devices, Reached, Applied, GivenUp: of the stages so far; all 0 where it went to all at once.
/// </remarks>
internal sealed record RolloutView(
    long Number, string Layer, long Version, long Base, string State, string Reason, IReadOnlyList<string> Stages, int Stage, double AfterSeconds,
    double StopAt, long Devices, long Reached, long Applied, long GivenUp, string Author, string Started, string Entered, string? NextStageAt);

/// <remarks>
/// Stage: The one that the device belongs to, from 1.
/// Outcome: Null: it has not said anything.
/// </remarks>
internal sealed record RolloutDeviceView(string Device, int Stage, string? Sent, string? Outcome);

internal sealed record RolloutDetailView(RolloutView Rollout, IReadOnlyList<RolloutDeviceView> Devices);

internal sealed record GroupView(string Name, IReadOnlyList<string> Devices);

/// <remarks>
/// Layer, Document: Where they are missing the request is refused. The document is the text of the file, comments and all.
/// Stages: As RolloutStage reads them; null: all devices at once.
/// </remarks>
internal sealed record PushRequest(
    string? Layer, string? Document, string? Message = null, bool MayChangeBootstrap = false, bool Again = false, long TrialSeconds = 0, string? Stages = null,
    long AfterSeconds = 0, double StopAt = PushRequest.DefaultStopAt)
{
    /// <summary>One in five: where most devices of a stage do well, a few broken ones among them do not stop it.</summary>
    public const double DefaultStopAt = 0.2;
}

/// <summary>Names of devices, or of groups.</summary>
internal sealed record NamesRequest(IReadOnlyList<string?>? Names)
{
    /// <summary>What is no name is refused where it is used.</summary>
    public IReadOnlyList<string> Given() => [.. (Names ?? []).Select(name => name ?? "")];
}

internal sealed record RetryAnswer(string Device, long Number);

internal sealed record LayersAnswer(IReadOnlyList<LayerVersionView> Versions);

internal sealed record DeviceConfigsAnswer(IReadOnlyList<DeviceConfigView> Devices);

internal sealed record RolloutsAnswer(IReadOnlyList<RolloutView> Rollouts);

internal sealed record GroupsAnswer(IReadOnlyList<GroupView> Groups);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PushRequest))]
[JsonSerializable(typeof(NamesRequest))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(RetryAnswer))]
[JsonSerializable(typeof(LayersAnswer))]
[JsonSerializable(typeof(LayerVersionView))]
[JsonSerializable(typeof(DeviceConfigsAnswer))]
[JsonSerializable(typeof(DeviceHistoryView))]
[JsonSerializable(typeof(RevisionView))]
[JsonSerializable(typeof(RolloutsAnswer))]
[JsonSerializable(typeof(RolloutDetailView))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(GroupsAnswer))]
internal sealed partial class ConfigJson : JsonSerializerContext;

/// <summary>Makes the views.</summary>
internal static class ConfigViews
{
    public static LayerVersionView Of(LayerVersion version, byte[]? document = null) => new(
        version.Layer.ToString(), version.Version, Hex(version.Hash), version.Author, UnixTime.Format(version.Made), version.Message,
        version.MayChangeBootstrap, (long)version.Trial.TotalSeconds, Json(document));

    public static RevisionView Of(Revision revision, StoredReport? report, byte[]? document = null) => new(
        revision.Number, Hex(revision.Hash), revision.Author, UnixTime.Format(revision.Made), Versions(revision.Inputs), revision.MayChangeBootstrap,
        (long)revision.Trial.TotalSeconds, report is null ? null : Name(report.Outcome), Json(document));

    public static ReportView Of(StoredReport report) => new(
        report.Number, Name(report.Outcome), report.Errors, report.Omitted, Time(report.Told), UnixTime.Format(report.Received), report.Running);

    public static DeviceConfigView Of(DesiredRevision desired, StoredReport? report, bool isWatching) => new(
        desired.Device, Name(DeviceConfigStates.Of(desired, report)), desired.Number, Hex(desired.Hash), Versions(RevisionInputs.Parse(desired.Inputs)),
        desired.HeldNumber, desired.SentNumber, Time(desired.Sent), isWatching, desired.AgentVersion, report is null ? null : Of(report));

    public static RolloutView Of(Rollout rollout, RolloutTally tally) => new(
        rollout.Number, rollout.Layer.ToString(), rollout.Version, rollout.Base, Name(rollout.State), rollout.Reason,
        [.. rollout.Stages.Select(stage => stage.ToString())], rollout.Stage + 1, rollout.Soak.TotalSeconds, rollout.StopAt, tally.Devices, tally.Reached,
        tally.Applied, tally.GivenUp, rollout.Author, UnixTime.Format(rollout.Started), UnixTime.Format(rollout.Entered),
        RolloutRules.Due(rollout) is { } due ? UnixTime.Format(due.ToUnixNanoseconds()) : null);

    public static RolloutDeviceView Of(Rollout rollout, RolloutDevice device, long devices) => new(
        device.Device, rollout.Stages.TakeWhile(stage => stage.Of(devices) <= device.Place).Count() + 1, Time(device.Sent),
        device.Outcome == ConfigOutcome.Unspecified ? null : Name(device.Outcome));

    public static string Name(ConfigOutcome outcome) => outcome switch
    {
        ConfigOutcome.OnTrial => "on-trial",
        ConfigOutcome.Applied => "applied",
        ConfigOutcome.Rejected => "rejected",
        ConfigOutcome.Reverted => "reverted",
        _ => "unspecified",
    };

    private static string Name(RolloutState state) => state switch
    {
        RolloutState.Sending => "sending",
        RolloutState.Soaking => "soaking",
        RolloutState.Finished => "finished",
        RolloutState.Stopped => "stopped",
        RolloutState.Withdrawn => "withdrawn",
        _ => "superseded",
    };

    private static string Name(DeviceConfigState state) => state switch
    {
        DeviceConfigState.OwnFile => "own-file",
        DeviceConfigState.Unheard => "unheard",
        DeviceConfigState.Waiting => "waiting",
        DeviceConfigState.Sent => "sent",
        DeviceConfigState.OnTrial => "on-trial",
        DeviceConfigState.Applied => "applied",
        DeviceConfigState.Rejected => "rejected",
        DeviceConfigState.Reverted => "reverted",
        _ => "refused",
    };

    private static string[] Versions(RevisionInputs inputs) => [.. inputs.Versions.Select(each => new RevisionInputs([each]).ToString())];

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static string? Time(long unixNanoseconds) => unixNanoseconds == 0 ? null : UnixTime.Format(unixNanoseconds);

    private static JsonElement? Json(byte[]? document)
    {
        if (document is null)
        {
            return null;
        }
        using var parsed = JsonDocument.Parse(document);
        return parsed.RootElement.Clone();
    }
}
