using System.Net;
using System.Net.Sockets;

namespace EdgeAgent.Torture.Network;

/// <summary>
/// The network between agent and service: relays TCP from a loopback port, and treats it as <see cref="Line"/> says, which may change at any
/// time. It counts the connections and the bytes.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly int? _receiveBuffer;
    private readonly Random _random;
    private volatile LineState _state = new(Line.Good);
    private volatile int _target;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _attempts;
    private long _upstream;
    private long _downstream;
    private long _swallowed;
    private readonly int[] _cuts = new int[Enum.GetValues<CutPlace>().Length];

    /// <param name="target">The port on loopback that it relays to.</param>
    /// <param name="random">Draws where connections are cut, and jitter.</param>
    /// <param name="receiveBuffer">Bytes that a socket may hold, for lines that are slow: without it the system buffers seconds of them.</param>
    public FaultProxy(int target, Random random, int? receiveBuffer = null)
    {
        (_target, _random, _receiveBuffer) = (target, random, receiveBuffer);
        Port = Listen(0);
    }

    public int Port { get; }

    /// <summary>Connections that were accepted, whatever became of them. One that is refused is not noticed by anybody but who tried it.</summary>
    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Bytes that arrived at the service's side.</summary>
    public long Upstream => Interlocked.Read(ref _upstream);

    /// <summary>Bytes that arrived at the agent's side.</summary>
    public long Downstream => Interlocked.Read(ref _downstream);

    /// <summary>Bytes that vanished in either direction.</summary>
    public long Swallowed => Interlocked.Read(ref _swallowed);

    /// <summary>Connections that were cut by <see cref="Line.Cut"/>, by the bytes in which they were.</summary>
    public IReadOnlyDictionary<string, int> Cuts => Enum.GetValues<CutPlace>().ToDictionary(place => $"{place}", place => Volatile.Read(ref _cuts[(int)place]));

    /// <summary>Connections that stand.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    internal LineState State => _state;

    /// <summary>From now on the line is like this, also for connections that stand.</summary>
    public void Become(Line line)
    {
        LineState before = _state;
        _state = new LineState(line);
        before.Change();
    }

    /// <summary>New connections go there.</summary>
    public void Route(int target) => _target = target;

    /// <summary>Resets every connection.</summary>
    public void ResetAll()
    {
        // Within the gate, so that none is disposed of meanwhile.
        lock (_gate)
        {
            foreach (ProxiedConnection connection in _connections.ToArray())
            {
                connection.Reset();
            }
        }
    }

    /// <summary>Nobody listens any more: connections are refused by the system.</summary>
    public void Refuse() => Interlocked.Exchange(ref _listener, null)?.Dispose();

    /// <summary>Ends <see cref="Refuse"/>.</summary>
    public void Accept()
    {
        if (_listener is null)
        {
            Listen(Port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Refuse();
        await _accepting;
        ResetAll();
        // Whoever is held or delayed learns of its end.
        Become(Line.Good);
    }

    internal int Draw(int least, int most)
    {
        lock (_random)
        {
            return _random.Next(least, most + 1);
        }
    }

    internal void CountCut(CutPlace place) => Interlocked.Increment(ref _cuts[(int)place]);

    internal void CountUpstream(int bytes) => Interlocked.Add(ref _upstream, bytes);

    internal void CountDownstream(int bytes) => Interlocked.Add(ref _downstream, bytes);

    internal void CountSwallowed(int bytes) => Interlocked.Add(ref _swallowed, bytes);

    private int Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (_receiveBuffer is { } bytes)
        {
            listener.ReceiveBufferSize = bytes;
        }
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4_096);
        _listener = listener;
        _accepting = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket near = await listener.AcceptAsync();
                Interlocked.Increment(ref _attempts);
                var connection = new ProxiedConnection(this, near);
                if (_state.Line.ResetsOnAccept)
                {
                    connection.Reset();
                    connection.Dispose();
                    continue;
                }
                _ = RelayAsync(connection);
            }
        }
        catch (Exception stopped) when (stopped is ObjectDisposedException or SocketException)
        {
            // Disposed, or refusing.
        }
    }

    private async Task RelayAsync(ProxiedConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
        }
        await connection.RunAsync(_target, _receiveBuffer);
        lock (_gate)
        {
            _connections.Remove(connection);
        }
        connection.Dispose();
    }
}
