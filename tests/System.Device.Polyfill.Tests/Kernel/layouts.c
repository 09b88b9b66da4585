/*
 * What the kernel's headers say of the structures and requests that the agent writes down anew: one name=value a line, under the kernel's
 * own names. "sizeof S", "offsetof S.f", or the name of a request. Compiled for each architecture and run there.
 */
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stddef.h>
#include <stdio.h>

#define SIZE(type) printf("sizeof " #type "=%zu\n", sizeof(struct type))
#define OFFSET(type, field) printf("offsetof " #type "." #field "=%zu\n", offsetof(struct type, field))
#define VALUE(name) printf(#name "=%lu\n", (unsigned long)(name))

static void i2c(void)
{
    SIZE(i2c_msg);
    OFFSET(i2c_msg, addr);
    OFFSET(i2c_msg, flags);
    OFFSET(i2c_msg, len);
    OFFSET(i2c_msg, buf);
    SIZE(i2c_rdwr_ioctl_data);
    OFFSET(i2c_rdwr_ioctl_data, msgs);
    OFFSET(i2c_rdwr_ioctl_data, nmsgs);
    SIZE(i2c_smbus_ioctl_data);
    OFFSET(i2c_smbus_ioctl_data, read_write);
    OFFSET(i2c_smbus_ioctl_data, command);
    OFFSET(i2c_smbus_ioctl_data, size);
    OFFSET(i2c_smbus_ioctl_data, data);
    printf("sizeof i2c_smbus_data=%zu\n", sizeof(union i2c_smbus_data));
    VALUE(I2C_TIMEOUT);
    VALUE(I2C_SLAVE);
    VALUE(I2C_FUNCS);
    VALUE(I2C_RDWR);
    VALUE(I2C_SMBUS);
    VALUE(I2C_M_RD);
    VALUE(I2C_SMBUS_READ);
    VALUE(I2C_SMBUS_WRITE);
    VALUE(I2C_SMBUS_BYTE);
    VALUE(I2C_SMBUS_BYTE_DATA);
    VALUE(I2C_SMBUS_WORD_DATA);
    VALUE(I2C_SMBUS_I2C_BLOCK_DATA);
    VALUE(I2C_SMBUS_BLOCK_MAX);
    VALUE(I2C_FUNC_I2C);
    VALUE(I2C_FUNC_SMBUS_READ_BYTE);
    VALUE(I2C_FUNC_SMBUS_WRITE_BYTE);
    VALUE(I2C_FUNC_SMBUS_READ_BYTE_DATA);
    VALUE(I2C_FUNC_SMBUS_WRITE_BYTE_DATA);
    VALUE(I2C_FUNC_SMBUS_READ_WORD_DATA);
    VALUE(I2C_FUNC_SMBUS_WRITE_WORD_DATA);
    VALUE(I2C_FUNC_SMBUS_READ_I2C_BLOCK);
    VALUE(I2C_FUNC_SMBUS_WRITE_I2C_BLOCK);
}

static void gpio(void)
{
    SIZE(gpiochip_info);
    OFFSET(gpiochip_info, name);
    OFFSET(gpiochip_info, label);
    OFFSET(gpiochip_info, lines);
    SIZE(gpio_v2_line_values);
    OFFSET(gpio_v2_line_values, bits);
    OFFSET(gpio_v2_line_values, mask);
    SIZE(gpio_v2_line_attribute);
    OFFSET(gpio_v2_line_attribute, id);
    OFFSET(gpio_v2_line_attribute, flags);
    OFFSET(gpio_v2_line_attribute, values);
    OFFSET(gpio_v2_line_attribute, debounce_period_us);
    SIZE(gpio_v2_line_config_attribute);
    OFFSET(gpio_v2_line_config_attribute, attr);
    OFFSET(gpio_v2_line_config_attribute, mask);
    SIZE(gpio_v2_line_config);
    OFFSET(gpio_v2_line_config, flags);
    OFFSET(gpio_v2_line_config, num_attrs);
    OFFSET(gpio_v2_line_config, attrs);
    SIZE(gpio_v2_line_request);
    OFFSET(gpio_v2_line_request, offsets);
    OFFSET(gpio_v2_line_request, consumer);
    OFFSET(gpio_v2_line_request, config);
    OFFSET(gpio_v2_line_request, num_lines);
    OFFSET(gpio_v2_line_request, event_buffer_size);
    OFFSET(gpio_v2_line_request, fd);
    SIZE(gpio_v2_line_info);
    OFFSET(gpio_v2_line_info, name);
    OFFSET(gpio_v2_line_info, consumer);
    OFFSET(gpio_v2_line_info, offset);
    OFFSET(gpio_v2_line_info, num_attrs);
    OFFSET(gpio_v2_line_info, flags);
    OFFSET(gpio_v2_line_info, attrs);
    SIZE(gpio_v2_line_event);
    OFFSET(gpio_v2_line_event, timestamp_ns);
    OFFSET(gpio_v2_line_event, id);
    OFFSET(gpio_v2_line_event, offset);
    OFFSET(gpio_v2_line_event, seqno);
    OFFSET(gpio_v2_line_event, line_seqno);
    VALUE(GPIO_GET_CHIPINFO_IOCTL);
    VALUE(GPIO_V2_GET_LINEINFO_IOCTL);
    VALUE(GPIO_V2_GET_LINE_IOCTL);
    VALUE(GPIO_V2_LINE_SET_CONFIG_IOCTL);
    VALUE(GPIO_V2_LINE_GET_VALUES_IOCTL);
    VALUE(GPIO_V2_LINE_SET_VALUES_IOCTL);
    VALUE(GPIO_V2_LINE_FLAG_USED);
    VALUE(GPIO_V2_LINE_FLAG_ACTIVE_LOW);
    VALUE(GPIO_V2_LINE_FLAG_INPUT);
    VALUE(GPIO_V2_LINE_FLAG_OUTPUT);
    VALUE(GPIO_V2_LINE_FLAG_EDGE_RISING);
    VALUE(GPIO_V2_LINE_FLAG_EDGE_FALLING);
    VALUE(GPIO_V2_LINE_FLAG_OPEN_DRAIN);
    VALUE(GPIO_V2_LINE_FLAG_OPEN_SOURCE);
    VALUE(GPIO_V2_LINE_FLAG_BIAS_PULL_UP);
    VALUE(GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN);
    VALUE(GPIO_V2_LINE_FLAG_BIAS_DISABLED);
    VALUE(GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME);
    VALUE(GPIO_V2_LINE_ATTR_ID_FLAGS);
    VALUE(GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES);
    VALUE(GPIO_V2_LINE_ATTR_ID_DEBOUNCE);
    VALUE(GPIO_V2_LINE_EVENT_RISING_EDGE);
    VALUE(GPIO_V2_LINE_EVENT_FALLING_EDGE);
}

int main(void)
{
    i2c();
    gpio();
    return 0;
}
