namespace Grpc.Core;

/// <summary>What of a server call passes to the calls that its handler makes. Part of the signatures only.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}

/// <summary>Which parts of a server call pass on. Part of the signatures only.</summary>
public class ContextPropagationOptions
{
    /// <summary>Everything passes on.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Options.</summary>
    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    /// <summary>Whether the deadline passes on.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>Whether cancellation passes on.</summary>
    public bool IsPropagateCancellation { get; }
}
