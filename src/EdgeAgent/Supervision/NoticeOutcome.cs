namespace EdgeAgent.Supervision;

/// <summary>What became of a notice to the supervisor. Nothing depends on it: whoever has no supervisor, or a deaf one, goes on all the same.</summary>
internal enum NoticeOutcome
{
    /// <summary>The supervisor's socket has it.</summary>
    Sent,

    /// <summary>The process was not started by one that wants to be told.</summary>
    NoSupervisor,

    /// <summary>There is no such socket, nobody reads it, or its queue is full.</summary>
    Unreachable,
}
