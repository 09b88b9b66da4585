using System.Device.Polyfill.Tests.Kernel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAgent.Sensors.Gpio;
using EdgeAgent.Sensors.Gpio.Native;

namespace EdgeAgent.Tests.Sensors.Gpio;

/// <summary>The structures of the code against the table of the kernel's, which KernelLayoutTests holds against the headers on each architecture.</summary>
public sealed class NativeLayoutTests
{
    /// <summary>Sizes, places and numbers as the code has them, under the kernel's names; a place in a structure within another is the sum of two.</summary>
    private static readonly (string[] InKernel, long Here)[] Claims =
    [
        (["sizeof gpiochip_info"], Unsafe.SizeOf<ChipInfo>()),
        (["offsetof gpiochip_info.lines"], Marshal.OffsetOf<ChipInfo>(nameof(ChipInfo.Lines))),
        (["sizeof gpio_v2_line_config_attribute"], Unsafe.SizeOf<ConfigAttribute>()),
        (["offsetof gpio_v2_line_config_attribute.attr", "offsetof gpio_v2_line_attribute.values"], Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.Values))),
        (["offsetof gpio_v2_line_config_attribute.attr", "offsetof gpio_v2_line_attribute.debounce_period_us"], Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.DebounceMicroseconds))),
        (["offsetof gpio_v2_line_config_attribute.mask"], Marshal.OffsetOf<ConfigAttribute>(nameof(ConfigAttribute.Mask))),
        (["sizeof gpio_v2_line_request"], Unsafe.SizeOf<LineRequest>()),
        (["offsetof gpio_v2_line_request.consumer"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Consumer))),
        (["offsetof gpio_v2_line_request.config", "offsetof gpio_v2_line_config.flags"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Flags))),
        (["offsetof gpio_v2_line_request.config", "offsetof gpio_v2_line_config.num_attrs"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.AttributeCount))),
        (["offsetof gpio_v2_line_request.config", "offsetof gpio_v2_line_config.attrs"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Attributes))),
        (["offsetof gpio_v2_line_request.num_lines"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.LineCount))),
        (["offsetof gpio_v2_line_request.event_buffer_size"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.EventBufferSize))),
        (["offsetof gpio_v2_line_request.fd"], Marshal.OffsetOf<LineRequest>(nameof(LineRequest.Descriptor))),
        (["sizeof gpio_v2_line_info"], Unsafe.SizeOf<LineInfoStructure>()),
        (["offsetof gpio_v2_line_info.consumer"], Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Consumer))),
        (["offsetof gpio_v2_line_info.offset"], Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Offset))),
        (["offsetof gpio_v2_line_info.flags"], Marshal.OffsetOf<LineInfoStructure>(nameof(LineInfoStructure.Flags))),
        (["sizeof gpio_v2_line_values"], Unsafe.SizeOf<LineValues>()),
        (["sizeof gpio_v2_line_event"], Unsafe.SizeOf<LineEvent>()),
        (["GPIO_GET_CHIPINFO_IOCTL"], GpioIoctl.GetChipInfo),
        (["GPIO_V2_GET_LINEINFO_IOCTL"], GpioIoctl.GetLineInfo),
        (["GPIO_V2_GET_LINE_IOCTL"], GpioIoctl.GetLine),
        (["GPIO_V2_LINE_GET_VALUES_IOCTL"], GpioIoctl.GetValues),
        (["GPIO_V2_LINE_SET_VALUES_IOCTL"], GpioIoctl.SetValues),
        (["GPIO_V2_LINE_FLAG_USED"], (long)LineFlags.Used),
        (["GPIO_V2_LINE_FLAG_ACTIVE_LOW"], (long)LineFlags.ActiveLow),
        (["GPIO_V2_LINE_FLAG_INPUT"], (long)LineFlags.Input),
        (["GPIO_V2_LINE_FLAG_OUTPUT"], (long)LineFlags.Output),
        (["GPIO_V2_LINE_FLAG_EDGE_RISING"], (long)LineFlags.EdgeRising),
        (["GPIO_V2_LINE_FLAG_EDGE_FALLING"], (long)LineFlags.EdgeFalling),
        (["GPIO_V2_LINE_FLAG_OPEN_DRAIN"], (long)LineFlags.OpenDrain),
        (["GPIO_V2_LINE_FLAG_BIAS_PULL_UP"], (long)LineFlags.BiasPullUp),
        (["GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN"], (long)LineFlags.BiasPullDown),
        (["GPIO_V2_LINE_FLAG_BIAS_DISABLED"], (long)LineFlags.BiasDisabled),
        (["GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES"], ConfigAttribute.OutputValues),
        (["GPIO_V2_LINE_ATTR_ID_DEBOUNCE"], ConfigAttribute.Debounce),
        (["GPIO_V2_LINE_EVENT_RISING_EDGE"], (long)LineEdge.Rising),
        (["GPIO_V2_LINE_EVENT_FALLING_EDGE"], (long)LineEdge.Falling),
    ];

    [Fact]
    public void Structures_numbers_and_flags_are_the_kernels_with_pointers_of_either_size()
    {
        foreach ((string[] inKernel, long here) in Claims)
        {
            string name = string.Join(" + ", inKernel);
            ulong wide = inKernel.Aggregate(0UL, (sum, key) => sum + KernelLayouts.All[key].Wide);
            ulong narrow = inKernel.Aggregate(0UL, (sum, key) => sum + KernelLayouts.All[key].Narrow);
            Assert.Equal((name, wide, narrow), (name, (ulong)here, (ulong)here));
        }
    }

    /// <summary>poll(2), which has no header of the kernel's: an int and two shorts.</summary>
    [Fact]
    public void What_is_polled_takes_eight_bytes() => Assert.Equal(8, Unsafe.SizeOf<PollEntry>());

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
}
