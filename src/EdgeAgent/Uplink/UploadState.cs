namespace EdgeAgent.Uplink;

/// <summary>What the uploader of a lane is doing.</summary>
internal enum UploadState
{
    /// <summary>The spool is not open: its disk failed, and the batcher opens it again.</summary>
    WithoutSpool,

    /// <summary>Nothing is to be sent, or the service asked for a pause. A receipt may still be awaited.</summary>
    Waiting,

    /// <summary>A session is being opened, over a new connection where there is none.</summary>
    Opening,

    /// <summary>Records go out; the receipt of the session before may still be awaited.</summary>
    Streaming,

    /// <summary>Two sessions are half-closed: no third one before the first one's receipt.</summary>
    AwaitingReceipt,

    /// <summary>Something failed that passes by itself.</summary>
    BackingOff,

    /// <summary>The service does not take this device's data at present. All is kept; it is asked again, slowly.</summary>
    Refused,

    /// <summary>
    /// The service has sequences of this spool that this device never sent: a copied spool, or a disk that forgot. What is sent now could
    /// be taken for duplicates and vanish, so nothing is sent any more from this spool. A person is needed.
    /// </summary>
    Diverged,

    /// <summary>The process ends. What has no receipt stays in the spool for the next one.</summary>
    Stopped,
}
