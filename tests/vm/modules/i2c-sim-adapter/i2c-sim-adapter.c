// SPDX-License-Identifier: GPL-2.0-only
/*
 * An I2C adapter without hardware, for tests: plain I2C transfers (I2C_RDWR), with repeated starts, against register maps that are
 * written through sysfs. i2c-stub of the kernel has SMBus transfers only.
 *
 * /sys/devices/platform/i2c-sim-adapter/control takes one command a write. Numbers are hexadecimal, as in i2c-tools:
 *
 *   command := "add" ADDRESS model ["restart"]     a chip answers at ADDRESS from now on; its registers are 0
 *            | "remove" ADDRESS                    nobody answers there any more
 *            | "set" ADDRESS REGISTER BYTE…        writes registers as if the chip had measured them
 *            | "fault" kind COUNT                  the next COUNT transfers fail
 *   model   := "bytes"     8-bit registers; a write goes on in the next register
 *            | "pairs"     8-bit registers; a write is pairs of a register and a value, as Bosch's chips have it
 *            | "words"     16-bit registers, high byte first; the bytes of register R are "set" at REGISTER 2 × R
 *            | "answer"    writes are commands that are taken and forgotten; a read begins at register 0
 *   kind    := "nack" | "arbitration" | "timeout"
 *            | "stuck"     like timeout, and COUNT does not matter: only binding the driver anew ends it
 *            | "none"
 *
 * A chip with "restart" does not answer a read whose register was not written in the same transfer, so that a stop between the two is seen.
 * /sys/devices/platform/i2c-sim-adapter/state says what was transferred: one "name value" a line, decimal.
 */

#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#define NAME "i2c-sim-adapter"
/* Fixed, so that a configuration can name it; above those that the machine numbers by itself. */
#define BUS_NUMBER 11
#define ADDRESSES 128
/* Of "words" 128 registers; what addresses more wraps. */
#define REGISTER_BYTES 256

enum model { MODEL_BYTES, MODEL_PAIRS, MODEL_WORDS, MODEL_ANSWER };
enum fault { FAULT_NONE, FAULT_NACK, FAULT_ARBITRATION, FAULT_TIMEOUT, FAULT_STUCK };

static const char *const model_names[] = { "bytes", "pairs", "words", "answer" };
static const char *const fault_names[] = { "none", "nack", "arbitration", "timeout", "stuck" };
static const int fault_errors[] = { 0, -ENXIO, -EAGAIN, -ETIMEDOUT, -ETIMEDOUT };

struct chip {
	enum model model;
	bool needs_restart;
	u8 pointer;
	u8 registers[REGISTER_BYTES];
};

/* What is on the wire outlives the adapter: binding a driver anew does not take the chips off the board. */
static struct chip *chips[ADDRESSES];
static DEFINE_MUTEX(wire);
static enum fault fault;
static unsigned int fault_transfers;
static unsigned long transfers, repeated_starts, absent;

static struct platform_device *device;

static void chip_write(struct chip *chip, const u8 *bytes, int length)
{
	int i;

	if (length == 0 || chip->model == MODEL_ANSWER) {
		chip->pointer = 0;
		return;
	}
	if (chip->model == MODEL_PAIRS) {
		for (i = 0; i + 1 < length; i += 2)
			chip->registers[bytes[i]] = bytes[i + 1];
		chip->pointer = bytes[0];
		return;
	}
	chip->pointer = chip->model == MODEL_WORDS ? bytes[0] * 2 : bytes[0];
	for (i = 1; i < length; i++)
		chip->registers[(u8)(chip->pointer + i - 1)] = bytes[i];
}

static void chip_read(const struct chip *chip, u8 *bytes, int length)
{
	int i;

	for (i = 0; i < length; i++)
		bytes[i] = chip->registers[(u8)(chip->pointer + i)];
}

static int message(const struct i2c_msg *messages, int index)
{
	const struct i2c_msg *one = &messages[index];
	struct chip *chip = one->addr < ADDRESSES ? chips[one->addr] : NULL;
	bool addressed = index > 0 && messages[index - 1].addr == one->addr && !(messages[index - 1].flags & I2C_M_RD);

	if (!chip || (one->flags & I2C_M_TEN)) {
		absent++;
		return -ENXIO;
	}
	if (index > 0)
		repeated_starts++;
	if (!(one->flags & I2C_M_RD)) {
		chip_write(chip, one->buf, one->len);
		return 0;
	}
	if (chip->needs_restart && !addressed)
		return -ENXIO;
	if (chip->model == MODEL_ANSWER)
		chip->pointer = 0;
	chip_read(chip, one->buf, one->len);
	return 0;
}

static int fault_now(struct i2c_adapter *adapter)
{
	enum fault present = fault;

	if (present != FAULT_NONE && present != FAULT_STUCK && --fault_transfers == 0)
		fault = FAULT_NONE;
	/* A real adapter waits that long before it gives up (ioctl I2C_TIMEOUT). */
	if (present == FAULT_TIMEOUT || present == FAULT_STUCK)
		msleep(jiffies_to_msecs(adapter->timeout));
	return fault_errors[present];
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int error, i;

	mutex_lock(&wire);
	transfers++;
	error = fault_now(adapter);
	for (i = 0; i < count && !error; i++)
		error = message(messages, i);
	mutex_unlock(&wire);
	return error ? error : count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = {
	.master_xfer = transfer,
	.functionality = functionality,
};

static int next_number(char **rest, unsigned int limit)
{
	char *word = strsep(rest, " ");
	unsigned int number;

	if (!word || kstrtouint(word, 16, &number) || number >= limit)
		return -EINVAL;
	return number;
}

static int add(char **rest)
{
	int address = next_number(rest, ADDRESSES);
	char *model_word = strsep(rest, " ");
	char *restart_word = strsep(rest, " ");
	int model = model_word ? match_string(model_names, ARRAY_SIZE(model_names), model_word) : -EINVAL;
	struct chip *chip;

	if (address < 0 || model < 0 || (restart_word && strcmp(restart_word, "restart")))
		return -EINVAL;
	chip = kzalloc(sizeof(*chip), GFP_KERNEL);
	if (!chip)
		return -ENOMEM;
	chip->model = model;
	chip->needs_restart = restart_word;
	kfree(chips[address]);
	chips[address] = chip;
	return 0;
}

static int take_away(char **rest)
{
	int address = next_number(rest, ADDRESSES);

	if (address < 0)
		return address;
	kfree(chips[address]);
	chips[address] = NULL;
	return 0;
}

static int set(char **rest)
{
	int address = next_number(rest, ADDRESSES);
	int reg = next_number(rest, REGISTER_BYTES);

	if (address < 0 || reg < 0 || !chips[address] || !*rest)
		return -EINVAL;
	while (*rest) {
		int value = next_number(rest, 256);

		if (value < 0)
			return value;
		chips[address]->registers[(u8)reg++] = value;
	}
	return 0;
}

static int fail(char **rest)
{
	char *kind_word = strsep(rest, " ");
	int kind = kind_word ? match_string(fault_names, ARRAY_SIZE(fault_names), kind_word) : -EINVAL;
	int count = next_number(rest, 0x10000);

	if (kind < 0 || count < 0 || (count == 0 && kind != FAULT_NONE))
		return -EINVAL;
	fault = kind;
	fault_transfers = count;
	return 0;
}

static ssize_t control_store(struct device *dev, struct device_attribute *attribute, const char *text, size_t length)
{
	char *line = kstrndup(text, length, GFP_KERNEL);
	char *rest, *word;
	int error = -EINVAL;

	if (!line)
		return -ENOMEM;
	rest = strim(line);
	word = strsep(&rest, " ");
	mutex_lock(&wire);
	if (!strcmp(word, "add"))
		error = add(&rest);
	else if (!strcmp(word, "remove"))
		error = take_away(&rest);
	else if (!strcmp(word, "set"))
		error = set(&rest);
	else if (!strcmp(word, "fault"))
		error = fail(&rest);
	mutex_unlock(&wire);
	kfree(line);
	return error ? error : length;
}
static DEVICE_ATTR_WO(control);

static ssize_t state_show(struct device *dev, struct device_attribute *attribute, char *text)
{
	ssize_t length;

	mutex_lock(&wire);
	length = sysfs_emit(text, "bus %d\ntransfers %lu\nrepeated_starts %lu\nabsent %lu\nfault %s\n",
			    BUS_NUMBER, transfers, repeated_starts, absent, fault_names[fault]);
	mutex_unlock(&wire);
	return length;
}
static DEVICE_ATTR_RO(state);

static struct attribute *adapter_attrs[] = { &dev_attr_control.attr, &dev_attr_state.attr, NULL };
ATTRIBUTE_GROUPS(adapter);

static int bind(struct platform_device *pdev)
{
	struct i2c_adapter *adapter = devm_kzalloc(&pdev->dev, sizeof(*adapter), GFP_KERNEL);

	if (!adapter)
		return -ENOMEM;
	fault = FAULT_NONE;
	adapter->owner = THIS_MODULE;
	adapter->algo = &algorithm;
	adapter->nr = BUS_NUMBER;
	/* Short, so that tests of faults are; the kernel's own default is 1 s. */
	adapter->timeout = msecs_to_jiffies(100);
	adapter->retries = 0;
	adapter->dev.parent = &pdev->dev;
	strscpy(adapter->name, NAME, sizeof(adapter->name));
	platform_set_drvdata(pdev, adapter);
	return i2c_add_numbered_adapter(adapter);
}

static void unbind(struct platform_device *pdev)
{
	i2c_del_adapter(platform_get_drvdata(pdev));
}

static struct platform_driver driver = {
	.driver = { .name = NAME, .dev_groups = adapter_groups },
	.probe = bind,
	.remove = unbind,
};

static int __init start(void)
{
	int error = platform_driver_register(&driver);

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
	int address;

	platform_device_unregister(device);
	platform_driver_unregister(&driver);
	for (address = 0; address < ADDRESSES; address++)
		kfree(chips[address]);
}

module_init(start);
module_exit(stop);
MODULE_DESCRIPTION("I2C adapter without hardware, for tests");
MODULE_LICENSE("GPL");
