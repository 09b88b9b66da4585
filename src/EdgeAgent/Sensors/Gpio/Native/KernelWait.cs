using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeAgent.Sensors.Gpio.Native;

/// <summary>poll(2) over the descriptors of all requests and one that wakes it up.</summary>
internal sealed class KernelWait : ILineWait
{
    private readonly SafeFileHandle _wakeUp = Posix.CreateWakeUp();
    private PollEntry[] _entries = new PollEntry[1];

    public void Wait(ReadOnlySpan<ILineRequest?> watched, Span<bool> ready, TimeSpan timeout)
    {
        if (_entries.Length <= watched.Length)
        {
            _entries = new PollEntry[watched.Length + 1];
        }
        for (int i = 0; i < watched.Length; i++)
        {
            _entries[i] = Entry((watched[i] as KernelRequest)?.Descriptor ?? -1);
        }
        _entries[watched.Length] = Entry((int)_wakeUp.DangerousGetHandle());
        // Rounded up: a wait that ends too early only turns round once more, and would do so until the time is over.
        int milliseconds = (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue);
        bool isAny = Posix.Poll(ref _entries[0], (nuint)watched.Length + 1, milliseconds) > 0;
        for (int i = 0; i < watched.Length; i++)
        {
            // A chip that went away shows as an error, and reading then says so.
            ready[i] = isAny && _entries[i].Seen != 0;
        }
        if (isAny && _entries[watched.Length].Seen != 0)
        {
            ulong count = 0;
            // Takes all wake-ups at once; where there is none after all, nothing.
            _ = Posix.Read(_wakeUp, ref Unsafe.As<ulong, byte>(ref count), sizeof(ulong));
        }
    }

    public void Wake()
    {
        // Fails only where 2^64 wake-ups wait already.
        _ = Posix.Write(_wakeUp, 1, sizeof(ulong));
    }

    public void Dispose() => _wakeUp.Dispose();

    private static PollEntry Entry(int descriptor) => new() { Descriptor = descriptor, Wanted = Posix.PollIn };
}
