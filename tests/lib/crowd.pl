# crowd.pl PORT COUNT [TARGET]: COUNT connections to a port of loopback at once, each asking for TARGET, or for nothing. Prints
# "begun" when all are there and those that asked have an answer's beginning or an end, then the answers' statuses with
# how often they came, and holds the connections until its own input ends.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

$SIG{PIPE} = 'IGNORE';
my ($port, $count, $target) = @ARGV;
my (@all, %answer);
for (1 .. $count) {
	my $connection = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 20) or die "connection $_: $!\n";
	print $connection "GET $target HTTP/1.1\r\nHost: x\r\n\r\n" if defined $target;
	$connection->flush;
	push @all, $connection;
}
my $waiting = IO::Select->new(defined $target ? @all : ());
while ($waiting->count) {
	my @ready = $waiting->can_read(60) or last;
	for my $connection (@ready) {
		sysread $connection, my $piece, 4096;
		$answer{$connection} = defined $piece && $piece =~ /^HTTP\/1.1 (\d+)/ ? $1 : 'ended';
		$waiting->remove($connection);
	}
}
my %times;
$times{$_}++ for values %answer;
$| = 1;
print "begun", (map { " $_:$times{$_}" } sort keys %times), "\n";
<STDIN>;
