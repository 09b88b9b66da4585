using EdgeAgent.Mqtt.Io;

namespace EdgeAgent.Mqtt.Tests;

public sealed class ReceiveBufferTests
{
    private const int PacketLength = 256 * 1024;

    [Fact]
    public async Task A_buffer_takes_what_it_grows_by_and_gives_all_of_it_back()
    {
        var budget = new BufferBudget(PacketLength);
        using var stream = new MemoryStream(new byte[PacketLength]);
        using (var buffer = new ReceiveBuffer(budget))
        {
            Assert.True(await buffer.ReadAsync(stream, 0, CancellationToken.None));
            Assert.Equal((ReceiveBuffer.Small, 0), (buffer.Unread.Length, budget.Taken));
            // That read came back full, so the next one is large.
            Assert.True(await buffer.ReadAsync(stream, 0, CancellationToken.None));
            Assert.Equal((ReceiveBuffer.Large, ReceiveBuffer.Large), (buffer.Unread.Length, (int)budget.Taken));
            // The whole budget suffices for the largest packet, whatever the buffer has now.
            Assert.True(buffer.TryMakeRoom(PacketLength));
            Assert.Equal((ReceiveBuffer.Large, PacketLength), (buffer.Unread.Length, (int)budget.Taken));
        }
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Without_budget_a_buffer_goes_on_in_small_pieces_and_refuses_only_what_does_not_fit()
    {
        var budget = new BufferBudget(PacketLength);
        using var greedy = new ReceiveBuffer(budget);
        Assert.True(greedy.TryMakeRoom(PacketLength));
        using var stream = new MemoryStream(new byte[PacketLength]);
        using var buffer = new ReceiveBuffer(budget);
        for (int i = 0; i < 10; i++)
        {
            Assert.True(await buffer.ReadAsync(stream, 0, CancellationToken.None));
            Assert.Equal(ReceiveBuffer.Small, buffer.Unread.Length);
            buffer.Consume(ReceiveBuffer.Small);
        }
        Assert.False(buffer.TryMakeRoom(ReceiveBuffer.Small + 1));
        // What another one gives back is there for it.
        greedy.Dispose();
        Assert.True(buffer.TryMakeRoom(ReceiveBuffer.Small + 1));
    }
}
