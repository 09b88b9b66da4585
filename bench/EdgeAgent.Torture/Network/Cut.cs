namespace EdgeAgent.Torture.Network;

/// <summary>Which bytes a cut counts.</summary>
internal enum CutPlace
{
    /// <summary>Bytes from the agent, since the connection began, or since the line became so.</summary>
    Upstream,

    /// <summary>Bytes from the service, likewise.</summary>
    Downstream,

    /// <summary>
    /// Bytes of an answer: what comes from the service after the agent has sent more than a session's opening. Sessions of these runs fit into a
    /// window, so that nothing else comes down while records go up: it is the receipt, or the headers of the session that follows.
    /// </summary>
    Answer,
}

/// <summary>A connection is reset after so many bytes, of which the last have arrived: in the middle of a record of TLS, and of what is in it.</summary>
/// <param name="Place">Which bytes are counted.</param>
/// <param name="Least">After so many bytes at the least; 0 cuts before the first.</param>
/// <param name="Most">After so many at most. Each connection draws its own number.</param>
internal sealed record Cut(CutPlace Place, int Least, int Most)
{
    /// <summary>As much as the opening of a session never has, and a second of records always.</summary>
    public const int MoreThanAnOpening = 1_000;

    /// <summary>As much as the agent sends before its handshake is over, certificates and the first headers included.</summary>
    public const int MoreThanAHandshake = 4_000;
}
