// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 1-Wire master without hardware, for tests, with one DS18B20 on it: the kernel's w1_therm driver talks to its commands (datasheet of Maxim,
 * 19-7487, section "DS18B20 function commands") and cannot tell.
 *
 * /sys/devices/platform/w1-sim-master/control takes one command a write:
 *
 *   command := "temperature" RAW       what the next conversion gives, in 1/16 °C; 1360 is the 85 °C of a sensor that has just got its power
 *            | "checksum" "0" | "1"    1: scratchpads have a wrong checksum
 *            | "present" "0" | "1"     0: nobody answers a reset
 */

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <linux/w1.h>

#define NAME "w1-sim-master"
#define POWER_UP 1360
#define SCRATCHPAD_BYTES 9

#define SKIP_ROM 0xCC
#define MATCH_ROM 0x55
#define CONVERT 0x44
#define READ_SCRATCHPAD 0xBE

/* What the next byte is. */
enum state { ROM_COMMAND, ROM, FUNCTION_COMMAND, SCRATCHPAD, NOT_FOR_US };

/* Single words, written here and read by the one thread of the bus: no lock. */
static bool present = true, wrong_checksum;
static s16 measured = POWER_UP, converted = POWER_UP;
static enum state state = NOT_FOR_US;
static int position;
/* Family 0x28, serial number 0x00000001e240, checksum. */
static u8 rom[8] = { 0x28, 0x40, 0xe2, 0x01, 0x00, 0x00, 0x00 };

static struct platform_device *device;

static u8 reset(void *data)
{
	state = ROM_COMMAND;
	return present ? 0 : 1;
}

static void write_byte(void *data, u8 byte)
{
	switch (state) {
	case ROM_COMMAND:
		state = byte == SKIP_ROM ? FUNCTION_COMMAND : byte == MATCH_ROM ? ROM : NOT_FOR_US;
		position = 0;
		break;
	case ROM:
		if (byte != rom[position])
			state = NOT_FOR_US;
		else if (++position == sizeof(rom))
			state = FUNCTION_COMMAND;
		break;
	case FUNCTION_COMMAND:
		if (byte == CONVERT)
			converted = measured;
		/* What else there is (settings, kind of power supply) is taken, and reads as ones: powered from outside, done. */
		state = byte == READ_SCRATCHPAD ? SCRATCHPAD : NOT_FOR_US;
		position = 0;
		break;
	default:
		break;
	}
}

static u8 read_byte(void *data)
{
	/* Alarm limits 75 and 70 °C, 12 bits, reserved bytes: as it leaves the factory. */
	u8 scratchpad[SCRATCHPAD_BYTES] = { converted & 0xff, (u16)converted >> 8, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10 };

	if (!present || state != SCRATCHPAD || position == SCRATCHPAD_BYTES)
		return 0xff;
	scratchpad[SCRATCHPAD_BYTES - 1] = w1_calc_crc8(scratchpad, SCRATCHPAD_BYTES - 1) ^ wrong_checksum;
	return scratchpad[position++];
}

static u8 touch_bit(void *data, u8 bit)
{
	return 1;
}

static void search(void *data, struct w1_master *master, u8 kind, w1_slave_found_callback found)
{
	if (present && kind == W1_SEARCH)
		found(master, get_unaligned_le64(rom));
}

static struct w1_bus_master master = {
	.reset_bus = reset,
	.write_byte = write_byte,
	.read_byte = read_byte,
	.touch_bit = touch_bit,
	.search = search,
};

static ssize_t control_store(struct device *dev, struct device_attribute *attribute, const char *text, size_t length)
{
	char word[16];
	int value;

	if (sscanf(text, "%15s %d", word, &value) != 2)
		return -EINVAL;
	if (!strcmp(word, "temperature"))
		measured = value;
	else if (!strcmp(word, "checksum"))
		wrong_checksum = value;
	else if (!strcmp(word, "present"))
		present = value;
	else
		return -EINVAL;
	return length;
}
static DEVICE_ATTR_WO(control);

static struct attribute *master_attrs[] = { &dev_attr_control.attr, NULL };
ATTRIBUTE_GROUPS(master);

static int bind(struct platform_device *pdev)
{
	return w1_add_master_device(&master);
}

static void unbind(struct platform_device *pdev)
{
	w1_remove_master_device(&master);
}

static struct platform_driver driver = {
	.driver = { .name = NAME, .dev_groups = master_groups },
	.probe = bind,
	.remove = unbind,
};

static int __init start(void)
{
	int error;

	rom[7] = w1_calc_crc8(rom, 7);
	error = platform_driver_register(&driver);
	if (error)
		return error;
	device = platform_device_register_simple(NAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device)) {
		platform_driver_unregister(&driver);
		return PTR_ERR(device);
	}
	return 0;
}

static void __exit stop(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
}

module_init(start);
module_exit(stop);
MODULE_DESCRIPTION("1-Wire master without hardware, with one thermometer, for tests");
MODULE_LICENSE("GPL");
