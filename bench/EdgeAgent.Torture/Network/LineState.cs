namespace EdgeAgent.Torture.Network;

/// <summary>A <see cref="Network.Line"/> for as long as it lasts.</summary>
internal sealed class LineState(Line line)
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Line Line => line;

    /// <summary>Completes when the line is another one.</summary>
    public Task Changed => _changed.Task;

    public void Change() => _changed.SetResult();
}
