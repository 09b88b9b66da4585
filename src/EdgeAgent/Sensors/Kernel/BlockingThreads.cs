namespace EdgeAgent.Sensors.Kernel;

/// <summary>
/// The threads of some groups, each there while a sensor of its group is. One that hangs in the kernel when the last of them goes is kept for those that come
/// under the same name: they would hang in the same files. For one caller at a time.
/// </summary>
internal sealed class BlockingThreads(TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, (BlockingThread Thread, int Sensors)> _threads = new(StringComparer.Ordinal);

    public int Count => _threads.Count;

    /// <summary>How many sensors the thread of a group has.</summary>
    public int SensorsOf(string group) => _threads.TryGetValue(group, out (BlockingThread, int Sensors) known) ? known.Sensors : 0;

    /// <summary>The thread of a group, for a sensor more.</summary>
    public BlockingThread Enter(string group)
    {
        (BlockingThread thread, int sensors) = _threads.TryGetValue(group, out (BlockingThread, int) known) ? known : (new BlockingThread(group, time), 0);
        _threads[group] = (thread, sensors + 1);
        return thread;
    }

    /// <summary>A sensor of the group has gone.</summary>
    public void Leave(string group) => _threads[group] = (_threads[group].Thread, _threads[group].Sensors - 1);

    /// <summary>Ends the threads that no sensor needs, but for those that hang.</summary>
    public void Sweep()
    {
        foreach ((string group, (BlockingThread thread, _)) in _threads.Where(known => known.Value.Sensors == 0 && known.Value.Thread.IsIdle).ToArray())
        {
            thread.Dispose();
            _threads.Remove(group);
        }
    }

    public void Dispose()
    {
        foreach ((BlockingThread thread, _) in _threads.Values)
        {
            thread.Dispose();
        }
    }
}
