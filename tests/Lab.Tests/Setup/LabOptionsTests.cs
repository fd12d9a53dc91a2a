using System.Net;

namespace Lab.Tests.Setup;

public class LabOptionsTests
{
    [Theory]
    [InlineData("198.18.77.0/24", "198.18.77.1", "198.18.77.128/25")]
    [InlineData("10.0.0.0/8", "10.0.0.1", "10.128.0.0/9")]
    [InlineData("192.168.5.248/29", "192.168.5.249", "192.168.5.252/30")]
    public void The_gateway_is_the_first_address_and_dynamic_ones_are_the_upper_half(string subnet, string gateway, string range)
    {
        var options = new LabOptions("lab", "/state", IPNetwork.Parse(subnet), new());

        options.Gateway.ShouldBe(IPAddress.Parse(gateway));
        options.DynamicRange.ShouldBe(range);
    }

    [Fact]
    public void The_record_has_an_address_for_each_server()
    {
        var options = new LabOptions("lab", "/state", IPNetwork.Parse("198.18.77.0/24"), new(1, 2, 3, 4));

        LabRecord.Of(options, 42).ShouldBe(new LabRecord(
            42, LabRecord.CurrentVersion, "lab", "http://127.0.0.1:4", "https://127.0.0.1:1", "http://198.18.77.1:2", "198.18.77.1:3", "198.18.77.0/24"));
    }

    [Fact]
    public void A_record_reads_as_it_was_written_and_a_torn_one_reads_as_none()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("lab.json");
        var record = new LabRecord(1, "v", "n", "c", "p", "g", "r", "s");
        record.Write(file);

        LabRecord.Read(file).ShouldBe(record);
        File.ReadAllText(file).ShouldContain("\"github\": \"g\"");
        File.WriteAllText(file, "{\"pid\": 1,");
        LabRecord.Read(file).ShouldBeNull();
        File.Delete(file);
        LabRecord.Read(file).ShouldBeNull();
    }
}
