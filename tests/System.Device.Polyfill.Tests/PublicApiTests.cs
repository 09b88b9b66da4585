using System.Device.I2c;
using System.Reflection;

namespace System.Device.Polyfill.Tests;

/// <summary>Every public member here exists in System.Device.Gpio 4.0.1 with this signature; a member that does not would be a trap.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_members_are_those_of_the_package_that_the_product_uses()
    {
        string[] expected =
        [
            "I2cBus: System.Device.I2c.I2cBus Create(Int32)",
            "I2cBus: System.Device.I2c.I2cDevice CreateDevice(Int32)",
            "I2cBus: Void Dispose()",
            "I2cBus: Void RemoveDevice(Int32)",
            "I2cConnectionSettings: Int32 get_BusId()",
            "I2cConnectionSettings: Int32 get_DeviceAddress()",
            "I2cDevice: Byte ReadByte()",
            "I2cDevice: System.Device.I2c.I2cConnectionSettings get_ConnectionSettings()",
            "I2cDevice: System.Device.I2c.I2cDevice Create(System.Device.I2c.I2cConnectionSettings)",
            "I2cDevice: Void Dispose()",
            "I2cDevice: Void Read(System.Span`1[System.Byte])",
            "I2cDevice: Void Write(System.ReadOnlySpan`1[System.Byte])",
            "I2cDevice: Void WriteByte(Byte)",
            "I2cDevice: Void WriteRead(System.ReadOnlySpan`1[System.Byte], System.Span`1[System.Byte])",
        ];
        Type[] used = [typeof(I2cBus), typeof(I2cConnectionSettings), typeof(I2cDevice)];

        IEnumerable<string> actual = used.SelectMany(type => type
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => $"{type.Name}: {method}"));

        // The package has more; what the polyfill has must be there.
        Assert.Empty(expected.Except(actual));
        if (typeof(I2cBus).Assembly.GetName().Version is { Major: 0 })
        {
            Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
        }
    }
}
