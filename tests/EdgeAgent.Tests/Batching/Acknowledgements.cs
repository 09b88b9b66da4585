using EdgeAgent.Readings;

namespace EdgeAgent.Tests.Batching;

/// <summary>A publisher that notes what it is told, and lets a test wait for it.</summary>
internal sealed class Acknowledgements : IDeliverySource
{
    private readonly Lock _gate = new();
    private readonly List<long> _committed = [];
    private readonly List<long> _failed = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asked at each acknowledgement, on the committing task.</summary>
    public Action<long>? OnCommitted { get; set; }

    public long[] All
    {
        get
        {
            lock (_gate)
            {
                return [.. _committed];
            }
        }
    }

    public long[] Refused
    {
        get
        {
            lock (_gate)
            {
                return [.. _failed];
            }
        }
    }

    public void Committed(long token)
    {
        OnCommitted?.Invoke(token);
        Note(_committed, token);
    }

    public void Failed(long token) => Note(_failed, token);

    public async Task WaitForAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_committed.Count + _failed.Count >= count)
                {
                    return;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private void Note(List<long> list, long token)
    {
        lock (_gate)
        {
            list.Add(token);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
