import { IsTrue, IsUuidList, OneOf, Optional, Refers, type Fault } from '#libs/platform';

@OneOf({ JudgeRevocationRequest: ['checks'], WithdrawRevocationRequest: ['withdraw'] })
export class DecideRevocationRequest {
  @Refers('check')
  @IsUuidList({ least: 0, most: 50, description: 'Checks that identify the requester: it is judged by them' })
  @Optional()
  checks?: string[];
  @IsTrue({ description: 'Or: the requester does not ask any more' }) @Optional() withdraw?: boolean;

  static between({ checks, withdraw }: DecideRevocationRequest): readonly Fault[] {
    if ((checks === undefined) === (withdraw === undefined)) {
      const [en, nl] = ['either checks or withdraw', 'ofwel checks ofwel withdraw'];
      return [{ pointer: '', code: 'invalid-value', detail: { en, nl }, inWords: { reason: { en, nl } } }];
    }
    return [];
  }
}
