using System.Device.I2c;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>The structures and numbers of the polyfill against the table of the kernel's.</summary>
public sealed unsafe class I2cStructureTests
{
    public static TheoryData<string, Type, string[]> Structures => new()
    {
        { "i2c_msg", typeof(I2cMessage), ["addr", "flags", "len", "buf"] },
        { "i2c_rdwr_ioctl_data", typeof(I2cTransfer), ["msgs", "nmsgs"] },
        { "i2c_smbus_ioctl_data", typeof(SmbusTransfer), ["read_write", "command", "size", "data"] },
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void A_structure_lies_in_memory_as_the_kernel_expects_it_with_pointers_of_either_size(string name, Type structure, string[] fields)
    {
        foreach ((int pointerSize, Func<string, ulong> expected) in new (int, Func<string, ulong>)[]
        {
            (8, key => KernelLayouts.All[key].Wide), (4, key => KernelLayouts.All[key].Narrow),
        })
        {
            (int size, int[] offsets) = SequentialLayout.Of(structure, pointerSize);
            Assert.Equal(expected($"sizeof {name}"), (ulong)size);
            Assert.Equal(fields.Select(field => expected($"offsetof {name}.{field}")), offsets.Select(offset => (ulong)offset));
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void The_running_runtime_lays_a_structure_out_as_the_rule_says(string name, Type structure, string[] fields)
    {
        (int size, int[] offsets) = SequentialLayout.Of(structure, sizeof(nint));

        Assert.True(size == Marshal.SizeOf(structure), name);
        Assert.Equal(offsets, structure.GetFields().Where(field => !field.IsStatic).Select(field => (int)Marshal.OffsetOf(structure, field.Name)));
        Assert.Equal(fields.Length, offsets.Length);
    }

    [Fact]
    public void The_union_of_a_transfer_of_SMBus_is_as_large_as_the_kernels()
    {
        AssertIs("sizeof i2c_smbus_data", (ulong)Unsafe.SizeOf<SmbusData>());
        AssertIs("I2C_SMBUS_BLOCK_MAX", SmbusData.LongestBlock);
    }

    [Fact]
    public void Requests_and_flags_have_the_kernels_numbers()
    {
        AssertIs("I2C_TIMEOUT", I2cRequests.Timeout);
        AssertIs("I2C_SLAVE", I2cRequests.Address);
        AssertIs("I2C_FUNCS", I2cRequests.Functions);
        AssertIs("I2C_RDWR", I2cRequests.CombinedTransfer);
        AssertIs("I2C_SMBUS", I2cRequests.SmbusTransfer);
        AssertIs("I2C_M_RD", I2cMessage.ReadFlag);
        AssertIs("I2C_SMBUS_READ", SmbusTransfer.Read);
        AssertIs("I2C_SMBUS_WRITE", SmbusTransfer.Write);
        AssertIs("I2C_SMBUS_BYTE", (ulong)SmbusKind.Byte);
        AssertIs("I2C_SMBUS_BYTE_DATA", (ulong)SmbusKind.ByteData);
        AssertIs("I2C_SMBUS_WORD_DATA", (ulong)SmbusKind.WordData);
        AssertIs("I2C_SMBUS_I2C_BLOCK_DATA", (ulong)SmbusKind.I2cBlock);
        AssertIs("I2C_FUNC_I2C", (ulong)I2cFunctions.I2c);
        AssertIs("I2C_FUNC_SMBUS_READ_BYTE", (ulong)I2cFunctions.ReadByte);
        AssertIs("I2C_FUNC_SMBUS_WRITE_BYTE", (ulong)I2cFunctions.WriteByte);
        AssertIs("I2C_FUNC_SMBUS_READ_BYTE_DATA", (ulong)I2cFunctions.ReadByteData);
        AssertIs("I2C_FUNC_SMBUS_WRITE_BYTE_DATA", (ulong)I2cFunctions.WriteByteData);
        AssertIs("I2C_FUNC_SMBUS_READ_WORD_DATA", (ulong)I2cFunctions.ReadWordData);
        AssertIs("I2C_FUNC_SMBUS_WRITE_WORD_DATA", (ulong)I2cFunctions.WriteWordData);
        AssertIs("I2C_FUNC_SMBUS_READ_I2C_BLOCK", (ulong)I2cFunctions.ReadI2cBlock);
        AssertIs("I2C_FUNC_SMBUS_WRITE_I2C_BLOCK", (ulong)I2cFunctions.WriteI2cBlock);
    }

    private static void AssertIs(string name, ulong ours)
    {
        Assert.Equal(KernelLayouts.All[name].Wide, ours);
        Assert.Equal(KernelLayouts.All[name].Narrow, ours);
    }
}
