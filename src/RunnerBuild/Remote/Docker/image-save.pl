# Writes an image to standard output in the portions that standard input asks for, a number of bytes a line. Whoever asks decides how
# much is under way: what takes a connection's bytes on this program's behalf keeps all of them in memory until they are read.
use strict;
use warnings;
binmode STDOUT;
open(my $image, '-|', 'docker', 'image', 'save', $ARGV[0]) or die "docker cannot be started: $!\n";
binmode $image;
while (defined(my $wanted = <STDIN>)) {
    while ($wanted > 0) {
        my $read = sysread($image, my $bytes, $wanted < 65536 ? $wanted : 65536);
        die "reading the image: $!\n" unless defined $read;
        if ($read == 0) {
            close $image;
            exit 0 unless $?;
            die 'docker image save ended with ' . ($? & 127 ? 'signal ' . ($? & 127) : 'exit code ' . ($? >> 8)) . "\n";
        }
        $wanted -= $read;
        for (my $at = 0; $at < $read;) {
            my $written = syswrite(STDOUT, $bytes, $read - $at, $at);
            die "writing the image: $!\n" unless defined $written;
            $at += $written;
        }
    }
}
# Nobody wants the rest.
exit 0;
