using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>What somebody asked of a device, and what came of it.</summary>
/// <param name="Id">Ascending over all devices, from 1.</param>
/// <param name="Device">Whom.</param>
/// <param name="Content">What, as it is sent.</param>
/// <param name="AskedBy">Who.</param>
/// <param name="AskedAt">Nanoseconds since 1970, as all times here.</param>
/// <param name="Deadline">When it is given up.</param>
/// <param name="State">How far it is.</param>
/// <param name="EndedAt">Null while it is open.</param>
/// <param name="Message">For people; empty while it is open.</param>
/// <param name="Answer">What the device sent with it. Null where there was none, and where so many newer ones are kept that it was let go.</param>
internal sealed record DeviceRequest(
    long Id, string Device, RemoteRequest Content, string AskedBy, long AskedAt, long Deadline, RequestState State, long? EndedAt, string Message,
    RemoteAnswer? Answer);

/// <summary>The newest session of a device.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Ended">Null while it lasts, as far as anybody knows: an instance of the service that dies cannot say.</param>
/// <param name="AgentVersion">What runs there.</param>
/// <param name="Allowed">The words of its remote.allow.</param>
internal sealed record SessionRow(long Since, long? Ended, string AgentVersion, IReadOnlyList<string> Allowed);
