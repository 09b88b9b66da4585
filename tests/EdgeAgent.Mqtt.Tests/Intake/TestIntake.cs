using System.Net;
using EdgeAgent.Mqtt.Intake;
using EdgeAgent.Testing;

namespace EdgeAgent.Mqtt.Tests.Intake;

/// <summary>An intake on a free loopback port with a clock that the test owns.</summary>
internal sealed class TestIntake : IAsyncDisposable
{
    public static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    public TestIntake(IntakeOptions? options = null)
    {
        Listener = new IntakeListener(options ?? new IntakeOptions { EndPoint = AnyPort }, Owner, Clock);
        Listener.Start();
    }

    public ManualTimeProvider Clock { get; } = new();

    public Owner Owner { get; } = new();

    public IntakeListener Listener { get; }

    public IntakeCounters Counters => Listener.Counters;

    public Device Open(MqttProtocolVersion version, int? receiveBuffer = null) => new(Listener.LocalEndPoint, version, receiveBuffer);

    public async Task<Device> ConnectAsync(MqttProtocolVersion version, string clientId = "device", bool cleanStart = true)
    {
        Device device = Open(version);
        Assert.Equal(MqttReasonCode.Success, (await device.ConnectAsync(clientId, cleanStart)).Reason);
        return device;
    }

    /// <summary>
    /// Lets time pass once nothing is being written: a device has the bytes a moment before the intake notes that their write is done, and
    /// hours in that moment would look like a device that takes nothing.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await Eventually.TrueAsync(() => !Listener.IsWriting, TimeSpan.FromSeconds(20), () => "nothing is being written");
        Clock.Advance(time);
    }

    public async ValueTask DisposeAsync()
    {
        // The clock stands still, so a stop that waits for tickets would wait for ever.
        await Listener.StopAsync(new CancellationToken(canceled: true));
        await Listener.DisposeAsync();
    }
}
