namespace EdgeAgent.RemoteSession;

/// <summary>What the agent does about its session.</summary>
internal enum SessionState
{
    /// <summary>On a metered line: nobody waits, and none is open. A hint with an upload ends it, or a day.</summary>
    Resting,

    /// <summary>The hello is on its way.</summary>
    Opening,

    /// <summary>Requests are answered.</summary>
    Open,

    /// <summary>It broke, or was not let in.</summary>
    BackingOff,
}
