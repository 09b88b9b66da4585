using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Native;
using EdgeAgent.Testing;

namespace EdgeAgent.Tests.Sensors.Gpio;

public sealed class NativeLayoutTests
{
    /// <summary>Sizes, places and numbers as the code has them, each as a claim about linux/gpio.h that a C compiler checks.</summary>
    private static readonly (string InC, long Here)[] Claims =
    [
        ("sizeof(struct gpiochip_info)", Unsafe.SizeOf<ChipInfo>()),
        ("offsetof(struct gpiochip_info, lines)", Marshal.OffsetOf<ChipInfo>(nameof(ChipInfo.Lines))),
        ("sizeof(struct gpio_v2_line_config_attribute)", Unsafe.SizeOf<ConfigAttribute>()),
        ("offsetof(struct gpio_v2_line_config_attribute, attr.values)", Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.Values))),
        ("offsetof(struct gpio_v2_line_config_attribute, attr.debounce_period_us)", Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.DebounceMicroseconds))),
        ("offsetof(struct gpio_v2_line_config_attribute, mask)", Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.Mask))),
        ("sizeof(struct gpio_v2_line_request)", Unsafe.SizeOf<LineRequest>()),
        ("offsetof(struct gpio_v2_line_request, consumer)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Consumer))),
        ("offsetof(struct gpio_v2_line_request, config.flags)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Flags))),
        ("offsetof(struct gpio_v2_line_request, config.num_attrs)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.AttributeCount))),
        ("offsetof(struct gpio_v2_line_request, config.attrs)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Attributes))),
        ("offsetof(struct gpio_v2_line_request, num_lines)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.LineCount))),
        ("offsetof(struct gpio_v2_line_request, event_buffer_size)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.EventBufferSize))),
        ("offsetof(struct gpio_v2_line_request, fd)", Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Descriptor))),
        ("sizeof(struct gpio_v2_line_info)", Unsafe.SizeOf<LineInfoStructure>()),
        ("offsetof(struct gpio_v2_line_info, consumer)", Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Consumer))),
        ("offsetof(struct gpio_v2_line_info, offset)", Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Offset))),
        ("offsetof(struct gpio_v2_line_info, flags)", Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Flags))),
        ("sizeof(struct gpio_v2_line_values)", Unsafe.SizeOf<LineValues>()),
        ("sizeof(struct gpio_v2_line_event)", Unsafe.SizeOf<LineEvent>()),
        ("sizeof(struct pollfd)", Unsafe.SizeOf<PollEntry>()),
        ("GPIO_GET_CHIPINFO_IOCTL", GpioIoctl.GetChipInfo),
        ("GPIO_V2_GET_LINEINFO_IOCTL", GpioIoctl.GetLineInfo),
        ("GPIO_V2_GET_LINE_IOCTL", GpioIoctl.GetLine),
        ("GPIO_V2_LINE_GET_VALUES_IOCTL", GpioIoctl.GetValues),
        ("GPIO_V2_LINE_SET_VALUES_IOCTL", GpioIoctl.SetValues),
        ("GPIO_V2_LINE_FLAG_USED", (long)LineFlags.Used),
        ("GPIO_V2_LINE_FLAG_ACTIVE_LOW", (long)LineFlags.ActiveLow),
        ("GPIO_V2_LINE_FLAG_INPUT", (long)LineFlags.Input),
        ("GPIO_V2_LINE_FLAG_OUTPUT", (long)LineFlags.Output),
        ("GPIO_V2_LINE_FLAG_EDGE_RISING", (long)LineFlags.EdgeRising),
        ("GPIO_V2_LINE_FLAG_EDGE_FALLING", (long)LineFlags.EdgeFalling),
        ("GPIO_V2_LINE_FLAG_OPEN_DRAIN", (long)LineFlags.OpenDrain),
        ("GPIO_V2_LINE_FLAG_BIAS_PULL_UP", (long)LineFlags.BiasPullUp),
        ("GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN", (long)LineFlags.BiasPullDown),
        ("GPIO_V2_LINE_FLAG_BIAS_DISABLED", (long)LineFlags.BiasDisabled),
        ("GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES", ConfigAttribute.OutputValues),
        ("GPIO_V2_LINE_ATTR_ID_DEBOUNCE", ConfigAttribute.Debounce),
        ("GPIO_V2_LINE_EVENT_RISING_EDGE", (long)LineEdge.Rising),
        ("GPIO_V2_LINE_EVENT_FALLING_EDGE", (long)LineEdge.Falling),
    ];

    [InstalledFact("gcc", "/usr/include/linux/gpio.h")]
    public Task Structures_numbers_and_flags_are_those_of_the_kernels_header() => CheckAsync("gcc");

    [InstalledFact("aarch64-linux-gnu-gcc", "/usr/aarch64-linux-gnu/include/linux/gpio.h")]
    public Task They_are_the_same_on_arm_with_64_bits() => CheckAsync("aarch64-linux-gnu-gcc");

    [InstalledFact("arm-linux-gnueabihf-gcc", "/usr/arm-linux-gnueabihf/include/linux/gpio.h")]
    public Task They_are_the_same_on_arm_with_32_bits() => CheckAsync("arm-linux-gnueabihf-gcc");

    [Fact]
    public void An_event_is_read_as_its_grammar_says()
    {
        byte[] bytes = new byte[48];
        Convert.FromHexString("0807060504030201" + "02000000" + "11000000" + "2a000000" + "07000000").CopyTo(bytes, 0);

        Assert.Equal(
            new LineEvent(0x0102030405060708, LineEdge.Falling, Offset: 17, Sequence: 42, LineSequence: 7), MemoryMarshal.Cast<byte, LineEvent>(bytes)[0]);
    }

    [Fact]
    public void A_request_says_what_is_wanted()
    {
        LineRequest debounced = KernelChip.Fill(
            new LineSettings([17, 4], LineFlags.Input | LineFlags.EdgeRising | LineFlags.BiasPullUp) { Debounce = TimeSpan.FromMilliseconds(20) });
        Assert.Equal((17u, 4u, 2u), (debounced.Lines[0], debounced.Lines[1], debounced.LineCount));
        Assert.Equal((1u, 1_024u), (debounced.AttributeCount, debounced.EventBufferSize));
        Assert.Equal((3u, 20_000u, 3ul), (debounced.Attributes[0].Id, debounced.Attributes[0].DebounceMicroseconds, debounced.Attributes[0].Mask));
        Assert.Equal("edge-agent", KernelGpio.Text(debounced.Consumer));

        LineRequest output = KernelChip.Fill(new LineSettings([5], LineFlags.Output) { Values = 1 });
        Assert.Equal((1u, 0u), (output.AttributeCount, output.EventBufferSize));
        Assert.Equal((2u, 1ul, 1ul), (output.Attributes[0].Id, output.Attributes[0].Values, output.Attributes[0].Mask));
    }

    private static async Task CheckAsync(string compiler)
    {
        using var folder = new TemporaryFolder();
        string source = folder["claims.c"];
        IEnumerable<string> claims = Claims.Select(claim => $"_Static_assert({claim.InC} == {claim.Here}, \"{claim.InC}\");");
        await File.WriteAllLinesAsync(source, ["#include <stddef.h>", "#include <linux/gpio.h>", "struct pollfd { int fd; short events; short revents; };", .. claims]);
        await using ForeignProcess process = ForeignProcess.Start(InstalledFactAttribute.Find(compiler)!, "-fsyntax-only", source);
        int code = await process.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Assert.True(code == 0, process.Output);
    }
}
