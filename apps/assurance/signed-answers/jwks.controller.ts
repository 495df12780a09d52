import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { ApiQueryOperation } from '#libs/platform';

export class PublicKey {
  @ApiProperty({ description: '`EC` or `RSA`; the members of each are those of RFC 7518' }) kty!: string;
  @ApiProperty({ description: 'As in `kid` of a signature' }) kid!: string;
  @ApiProperty({ description: '`ES256` or `PS256`' }) alg!: string;
  @ApiProperty({ description: '`sig`' }) use!: string;
}

export class PublicKeys {
  @ApiProperty({ type: [PublicKey] }) keys!: PublicKey[];
}

/** Seconds for which they may be kept. Who meets a `kid` that he does not know asks anew, whatever he has kept. */
const KEPT_FOR = 300;

@Controller('.well-known')
export class JwksController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Get('jwks.json')
  @Header('Cache-Control', `public, max-age=${KEPT_FOR}`)
  @ApiQueryOperation({
    summary: 'Keys of signed answers',
    description:
      'Every key that answers may be signed with: those that were rotated stay, those that were withdrawn go.',
    scopes: 'open',
    answer: PublicKeys,
    examples: { usual: { keys: [{ kty: 'EC', kid: 'answer-es256-1-0a1b2c3d', alg: 'ES256', use: 'sig' }] } },
  })
  async get(): Promise<PublicKeys> {
    const keys = await this.backbone.answerKeys.verification();
    return {
      keys: keys.map(({ id, algorithm, publicKey }) => ({
        ...(publicKey.export({ format: 'jwk' }) as { readonly kty: string }),
        kid: id,
        alg: algorithm,
        use: 'sig',
      })),
    };
  }
}
