using EdgeAgent.Batching;

namespace EdgeAgent.Uplink;

/// <summary>The uploader of the live lane is in a state out of which no receipt comes.</summary>
internal sealed class UplinkTrouble(UplinkService uplink) : IUplinkTrouble
{
    public bool IsInTrouble => uplink.Live.State is UploadState.BackingOff or UploadState.Refused or UploadState.Diverged;
}
