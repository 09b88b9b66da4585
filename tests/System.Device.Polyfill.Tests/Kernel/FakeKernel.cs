using System.Device.I2c;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>An adapter with one chip: 256 registers behind a pointer that counts up. Writes down every call.</summary>
internal sealed unsafe class FakeKernel(I2cFunctions functions) : ILinuxI2c
{
    private byte _pointer;

    public List<string> Calls { get; } = [];

    public byte[] Registers { get; } = new byte[256];

    /// <summary>errnos of the next transfers, in this order; afterwards they succeed.</summary>
    public Queue<int> Errors { get; } = new();

    public int FunctionsError { get; init; }

    public int AddressError { get; init; }

    /// <summary>An adapter that gives up after as many bytes of a block.</summary>
    public int LongestBlock { get; init; } = 32;

    public bool IsClosed { get; private set; }

    public int GetFunctions(out I2cFunctions answer)
    {
        answer = functions;
        return FunctionsError;
    }

    public int SetTimeout(int tensOfMilliseconds) => Note($"timeout {tensOfMilliseconds}", 0);

    public int SetAddress(int address) => Note($"address {address:x2}", AddressError);

    public int Transfer(ref I2cTransfer transfer)
    {
        if (Errors.TryDequeue(out int error))
        {
            return Note("combined failed", error);
        }
        for (int i = 0; i < transfer.Count; i++)
        {
            I2cMessage message = transfer.Messages[i];
            var bytes = new Span<byte>(message.Bytes, message.Length);
            if (message.Flags == I2cMessage.ReadFlag)
            {
                Read(bytes);
                Note($"{message.Address:x2} read {message.Length}", 0);
            }
            else
            {
                Write(bytes);
                Note($"{message.Address:x2} write {Convert.ToHexString(bytes)}", 0);
            }
        }
        return 0;
    }

    public int Transfer(ref SmbusTransfer transfer)
    {
        if (Errors.TryDequeue(out int error))
        {
            return Note("smbus failed", error);
        }
        Note($"{(transfer.Direction == SmbusTransfer.Read ? "read" : "write")} {transfer.Kind} {transfer.Command:x2}", 0);
        if (!(transfer.Kind == SmbusKind.Byte && transfer.Direction == SmbusTransfer.Read))
        {
            _pointer = transfer.Command;
        }
        if (transfer.Kind == SmbusKind.Byte && transfer.Direction == SmbusTransfer.Write)
        {
            return 0;
        }
        Span<byte> onWire = stackalloc byte[transfer.Kind switch { SmbusKind.I2cBlock => transfer.Data->Block[0], SmbusKind.WordData => 2, _ => 1 }];
        var data = new Span<byte>(transfer.Data, SmbusData.BlockLength);
        int first = transfer.Kind == SmbusKind.I2cBlock ? 1 : 0;
        if (transfer.Direction == SmbusTransfer.Read)
        {
            Read(onWire);
            onWire.CopyTo(data[first..]);
            data[0] = first == 1 ? (byte)Math.Min(onWire.Length, LongestBlock) : data[0];
            return 0;
        }
        data.Slice(first, onWire.Length).CopyTo(onWire);
        Write([_pointer, .. onWire]);
        return 0;
    }

    public void Dispose() => IsClosed = true;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _pointer = bytes[0];
        foreach (byte value in bytes[1..])
        {
            Registers[_pointer++] = value;
        }
    }

    private void Read(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Registers[_pointer++];
        }
    }

    private int Note(string call, int error)
    {
        Calls.Add(call);
        return error;
    }
}
